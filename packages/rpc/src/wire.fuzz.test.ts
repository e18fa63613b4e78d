import { ConnectError } from '@connectrpc/connect';
import { RejectError } from '@fastpay/protocol';
import { bytesTarget, fuzz, fuzzLine, textTarget } from '@fastpay/protocol/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as rpc from './index.ts';
import { wireMessages } from './wire-messages.fixtures.ts';

/** What Connect throws for bytes that are no message, and what our converters throw for a message that is wrong. */
const isTyped = (error: unknown) => error instanceof ConnectError || error instanceof RejectError;
const sampled = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.sample(arbitrary, { numRuns: 20, seed: 1 });

test('every message answers garbage with typed errors, in bounded time and memory', async ({ annotate }) => {
  const report = await fuzz(
    wireMessages.flatMap(({ name, anyBytes, anyText, decode, decodeText }) => [
      bytesTarget({ name, samples: sampled(anyBytes), decode, isTyped }),
      textTarget({ name: `${name} as JSON`, samples: sampled(anyText), decode: decodeText, isTyped }),
    ]),
    150,
  );
  await annotate(fuzzLine('rpc messages', report));
  expect(report.taken).toBeGreaterThan(report.cases / 100);
  expect(report.cases - report.taken).toBeGreaterThan(report.cases / 2);
});

test('no reader of messages is left out', () => {
  const attacked = new Set(wireMessages.map(({ reader }) => reader));
  const others = Object.keys(rpc).filter((name) => name.endsWith('FromProto') && !attacked.has(name));
  // These read parts of the messages above.
  expect(others.sort()).toMatchInlineSnapshot(`
    [
      "attachmentsFromProto",
      "ballotFromProto",
      "commitCertificateFromProto",
      "evidenceListFromProto",
      "optionalStageFromProto",
      "quorumCertificateFromProto",
      "signerSignatureFromProto",
      "stageFromProto",
    ]
  `);
});
