import { type Evidence, PATH_USD, RejectError, toAddress, toHash, toSequence } from '@fastpay/protocol';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createMetrics } from '../observe/metrics.ts';
import { createReporter } from './reporter.ts';

const slot = { owner: toAddress(`0x${'aa'.repeat(20)}`), asset: PATH_USD, sequence: toSequence(1n) };
const vote = (fill: string) => ({
  epoch: 0n,
  slot,
  round: 0,
  value: toHash(`0x${fill.repeat(32)}`),
  signature: { signer: 2, signature: new Uint8Array(64) },
});
const evidence: Evidence = { type: 'votes', first: vote('11'), second: vote('22') };

function setup(report: (evidence: Evidence) => Promise<boolean>) {
  const metrics = createMetrics({ withProcess: false });
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line) => lines.push(JSON.parse(line)) });
  return { metrics, lines, reporter: createReporter({ report }, { log, metrics }) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('raises an alarm for what was new, and none for what was known or proves nothing', async () => {
  const answers = [
    Promise.resolve(true),
    Promise.resolve(false),
    Promise.reject(new RejectError('INVALID_SIGNATURE', 'no')),
  ];
  const { lines, reporter } = setup(() => answers.shift() ?? Promise.resolve(false));
  for (let report = 0; report < 3; report++) reporter.report(evidence);
  await turn();
  expect(lines.map(({ level }) => level)).toEqual([50, 20]);
  expect(lines[0]).toMatchObject({ signer: 2, kind: 'votes' });
  expect(String(lines[0]?.msg)).toContain('EVIDENCE');
});

it('lets only so many wait, and counts the rest', async () => {
  const { metrics, reporter } = setup(() => new Promise(() => undefined));
  for (let report = 0; report < 300; report++) reporter.report(evidence);
  expect((await metrics.evidenceDropped.get()).values).toMatchObject([{ value: 300 - 256 }]);
});
