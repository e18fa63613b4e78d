import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAmount } from './amount.ts';
import { address, certificate, hash, signedOrder, slot } from './arbitraries.fixtures.ts';
import { toAddress, toHash } from './brand.ts';
import { equalBytes, fromHex } from './bytes.ts';
import { decodeCertificate, decodeCommitCertificate, encodeCertificate } from './certificate-codec.ts';
import type { Evidence } from './evidence.ts';
import { decodeEvidence, encodeEvidence } from './evidence-codec.ts';
import { decodeNetwork, encodeNetwork } from './network-file.ts';
import { decodeSignedOrder, encodeSignedOrder } from './order-codec.ts';
import { RejectError } from './reject.ts';
import { bytesTarget, fuzz, fuzzLine, jsonTarget, textTarget } from './testing/fuzz.fixtures.ts';

const isTyped = (error: unknown) => error instanceof RejectError;
const vectors = JSON.parse(readFileSync(new URL('../vectors/signed/certificates.json', import.meta.url), 'utf8')) as {
  readonly network: unknown;
};
const sampled = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.sample(arbitrary, { numRuns: 40, seed: 1 });

function evidenceSamples(): readonly Evidence[] {
  const [first, second] = sampled(hash);
  const [place] = sampled(slot);
  if (!first || !second || !place) throw new Error('no samples');
  const signed = (length: number) => ({ signer: 2, signature: new Uint8Array(length).fill(7) });
  const ballot = (value: typeof first, round: number, length: number) => ({
    epoch: 1n,
    slot: place,
    round,
    value,
    signature: signed(length),
  });
  const promise = { epoch: 1n, slot: place, round: 5, signature: signed(64) };
  return [
    { type: 'votes', first: ballot(first, 0, 64), second: ballot(second, 0, 64) },
    { type: 'commits', first: ballot(first, 3, 65), second: ballot(second, 3, 65) },
    { type: 'promise', promise, commit: ballot(first, 2, 65) },
    {
      type: 'promise',
      promise: { ...promise, lock: { epoch: 1n, round: 1, value: second } },
      commit: ballot(first, 2, 65),
    },
  ];
}

/** Canonical: what is taken is written back the same way. */
function canonical<Value>(decode: (bytes: Uint8Array) => Value, encode: (value: Value) => Uint8Array) {
  return (bytes: Uint8Array) => {
    if (!equalBytes(encode(decode(bytes)), bytes)) throw new Error('two encodings of one value are taken');
  };
}

test('the codecs answer garbage with typed errors, in bounded time and memory', async ({ annotate }) => {
  const certificates = sampled(certificate).map(encodeCertificate);
  const report = await fuzz(
    [
      bytesTarget({
        name: 'signed order',
        samples: sampled(signedOrder).map(encodeSignedOrder),
        decode: canonical(decodeSignedOrder, encodeSignedOrder),
        isTyped,
      }),
      bytesTarget({
        name: 'certificate',
        samples: certificates,
        decode: canonical(decodeCertificate, encodeCertificate),
        isTyped,
      }),
      bytesTarget({ name: 'commit certificate', samples: certificates, decode: decodeCommitCertificate, isTyped }),
      bytesTarget({
        name: 'evidence',
        samples: evidenceSamples().map(encodeEvidence),
        decode: canonical(decodeEvidence, encodeEvidence),
        isTyped,
      }),
      jsonTarget({
        name: 'network file',
        samples: [vectors.network],
        decode: (json) => {
          const network = decodeNetwork(json);
          expect(decodeNetwork(encodeNetwork(network))).toEqual(network);
        },
        isTyped,
      }),
      textTarget({ name: 'hexadecimal', samples: sampled(hash), decode: fromHex, isTyped }),
      textTarget({ name: 'address', samples: sampled(address), decode: toAddress, isTyped }),
      textTarget({ name: 'hash', samples: sampled(hash), decode: toHash, isTyped }),
      textTarget({ name: 'amount', samples: ['0', '12.50', '18446744073709.551615'], decode: parseAmount, isTyped }),
    ],
    1_500,
  );
  await annotate(fuzzLine('protocol codecs', report));
  expect(report.taken).toBeGreaterThan(100);
  expect(report.cases - report.taken).toBeGreaterThan(report.cases / 2);
});
