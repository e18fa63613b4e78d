import { type CommitCertificate, type SignedPromise, SKIP, toHash } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { payer, slotAt } from '../testing/world.fixtures.ts';
import { evidenceInCertificates, evidenceInPromises } from './evidence.ts';

const slot = slotAt(payer(0), 0n);
const value = toHash(`0x${'11'.repeat(32)}`);
const signature = (signer: number, size = 65) => ({ signer, signature: new Uint8Array(size).fill(signer) });
const certificate = (round: number, signers: readonly number[], of = value): CommitCertificate => ({
  type: 'commit',
  epoch: 0n,
  slot,
  round,
  value: of,
  signatures: signers.map((signer) => signature(signer)),
});
const promise = (round: number, locked?: number, signer = 1): SignedPromise => ({
  epoch: 0n,
  slot,
  round,
  ...(locked !== undefined && { lock: { epoch: 0n, round: locked, value } }),
  signature: signature(signer, 64),
});
const signersOf = (found: ReturnType<typeof evidenceInCertificates>) =>
  found.map((evidence) => (evidence.type === 'promise' ? evidence.commit : evidence.first).signature.signer);

test('certificates of one round for two values convict those who signed both', () => {
  const [left, right] = [certificate(2, [0, 1, 2]), certificate(2, [1, 2, 3], SKIP)];
  expect(signersOf(evidenceInCertificates(left, right))).toEqual([1, 2]);
});

test('of other rounds, slots, kinds or epochs, or for the same value, they convict nobody', () => {
  const left = certificate(2, [0, 1, 2]);
  for (const right of [
    certificate(3, [1, 2, 3], SKIP),
    certificate(2, [1, 2, 3]),
    { ...certificate(2, [1, 2, 3], SKIP), slot: slotAt(payer(1), 0n) },
    { ...certificate(2, [1, 2, 3], SKIP), epoch: 1n },
    { ...certificate(2, [1, 2, 3], SKIP), type: 'quorum' as const },
  ]) {
    expect(evidenceInCertificates(left, right)).toEqual([]);
  }
});

test('a promise rules out the commits above its lock and below its round, and no others', () => {
  const convicts = (round: number, locked: number | undefined, committed: number) =>
    evidenceInPromises([promise(round, locked)], certificate(committed, [0, 1, 2])).length > 0;
  expect(convicts(3, undefined, 0)).toBe(true);
  expect(convicts(3, undefined, 2)).toBe(true);
  expect(convicts(3, undefined, 3)).toBe(false);
  expect(convicts(3, undefined, 4)).toBe(false);
  expect(convicts(5, 2, 3)).toBe(true);
  expect(convicts(5, 2, 4)).toBe(true);
  expect(convicts(5, 2, 2)).toBe(false);
  expect(convicts(5, 2, 1)).toBe(false);
});

test('only its own signer is convicted, for its own slot', () => {
  const committed = certificate(0, [0, 1, 2]);
  expect(signersOf(evidenceInPromises([promise(3, undefined, 2), promise(3, undefined, 3)], committed))).toEqual([2]);
  const elsewhere = { ...promise(3), slot: slotAt(payer(1), 0n) };
  expect(evidenceInPromises([elsewhere, { ...promise(3), epoch: 1n }], committed)).toEqual([]);
});
