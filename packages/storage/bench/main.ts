import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Operation } from '../src/kv.ts';
import { type Contender, groupCommit, rawLog, transactionSync } from './contenders.ts';

/**
 * Durable batches a second at 1, 16 and 256 writers, each as a ratio of a raw log's in the same run.
 * A batch is about what one step of a validator writes: 4 entries under scattered keys, 900 bytes in all.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    directory: { type: 'string', default: tmpdir() },
  },
});
const WRITERS = [1, 16, 256];
const contenders = [rawLog, groupCommit, transactionSync];

function newBatch(): readonly Operation[] {
  return Array.from({ length: 4 }, () => ({ type: 'put', key: randomBytes(48), value: randomBytes(180) }));
}

interface Figures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

async function measure(contender: Contender, writers: number): Promise<Figures> {
  const directory = await mkdtemp(join(values.directory, 'fastpay-bench-'));
  const store = await contender.open(directory);
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + Number(values.seconds) * 1_000;
  const writer = async () => {
    while (performance.now() < end) {
      const batch = newBatch();
      const from = performance.now();
      await store.write(batch);
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  const seconds = (performance.now() - started) / 1_000;
  await store.close();
  await rm(directory, { recursive: true });
  latencies.sort((left, right) => left - right);
  const quantile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { perSecond: latencies.length / seconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((left, right) => left - right)[numbers.length >>> 1] as number;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

say(
  `Node ${process.version}, ${values.directory}, median of ${values.rounds} interleaved rounds of ${values.seconds} s`,
);
say(
  `${'store'.padEnd(28)} ${'writers'.padStart(7)} ${'batches/s'.padStart(10)} ${'of raw'.padStart(7)}     p50 ms     p99 ms`,
);
for (const writers of WRITERS) {
  const results = new Map<Contender, Figures[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [contender, figures] of results) figures.push(await measure(contender, writers));
  }
  const of = (contender: Contender, pick: (figures: Figures) => number) =>
    median((results.get(contender) ?? []).map(pick));
  const ceiling = of(rawLog, (figures) => figures.perSecond);
  for (const contender of contenders) {
    const perSecond = of(contender, (figures) => figures.perSecond);
    const p50 = of(contender, (figures) => figures.p50Ms).toFixed(2);
    const p99 = of(contender, (figures) => figures.p99Ms).toFixed(2);
    const ratio = (perSecond / ceiling).toFixed(2);
    say(
      `${contender.name.padEnd(28)} ${String(writers).padStart(7)} ${perSecond.toFixed(0).padStart(10)} ${ratio.padStart(7)} ${p50.padStart(10)} ${p99.padStart(10)}`,
    );
  }
}
