import { describe, expect, it } from 'vitest';
import { type Hash, toAddress, toHash, toSequence } from './brand.ts';
import type { QuorumCertificate } from './certificate.ts';
import { chooseValue } from './choose-value.ts';
import type { ProvenPromise } from './round.ts';
import { PATH_USD } from './slot.ts';

const slot = { owner: toAddress(`0x${'aa'.repeat(20)}`), asset: PATH_USD, sequence: toSequence(3n) };
const first = toHash(`0x${'11'.repeat(32)}`);
const second = toHash(`0x${'22'.repeat(32)}`);
const ROUND = 9;

function lockOn(epoch: bigint, round: number, value: Hash): QuorumCertificate {
  return { type: 'quorum', epoch, slot, round, value, signatures: [] };
}

function promiseOf(signer: number, lockCertificate?: QuorumCertificate): ProvenPromise {
  const signature = { signer, signature: new Uint8Array(64) };
  const common = { epoch: 2n, slot, round: ROUND, signature };
  if (!lockCertificate) return { promise: common };
  const { epoch, round, value } = lockCertificate;
  return { promise: { ...common, lock: { epoch, round, value } }, lockCertificate };
}

describe('chooseValue', () => {
  it('leaves a round free when nobody is locked', () => {
    const choice = chooseValue([promiseOf(0), promiseOf(1)]);
    expect(choice.highestLock).toBeUndefined();
    expect(choice.promises.map(({ signature }) => signature.signer)).toEqual([0, 1]);
    expect(choice.lockCertificates).toEqual([]);
  });

  it('binds it to the highest lock, by epoch before round, and sends each lock on once', () => {
    const old = lockOn(1n, 8, first);
    const low = lockOn(2n, 0, first);
    const high = lockOn(2n, 4, second);
    const choice = chooseValue([promiseOf(0, high), promiseOf(1, old), promiseOf(2, low), promiseOf(3, { ...high })]);
    expect(choice.highestLock).toBe(high);
    expect(choice.lockCertificates).toEqual([high, old, low]);
  });
});
