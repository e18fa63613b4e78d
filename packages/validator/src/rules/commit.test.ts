import { type Hash, type QuorumCertificate, toHash } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { NEW_ACCOUNT } from '../state/account-state.ts';
import type { OpenSlot } from '../state/open-slot.ts';
import { NOW, payer, slotAt } from '../testing/world.fixtures.ts';
import { type CommitSituation, decideCommit, withLock } from './commit.ts';

const value = toHash(`0x${'11'.repeat(32)}`);
const other = toHash(`0x${'22'.repeat(32)}`);
const signature = new Uint8Array(65);
const qc = (round: number, of: Hash = value, sequence = 3n, epoch = 0n): QuorumCertificate => ({
  type: 'quorum',
  epoch,
  slot: slotAt(payer(0), sequence),
  round,
  value: of,
  signatures: [],
});
const lock = (round: number, of: Hash = value) => ({ certificate: qc(round, of), signature, lockedAtMs: 5 });
const locked = (round: number, of: Hash, promised = round): OpenSlot => ({
  promised: { epoch: 0n, round: promised },
  votes: [],
  lock: lock(round, of),
});
const decide = (certificate: QuorumCertificate, changes: Partial<CommitSituation> = {}) =>
  decideCommit(certificate, {
    account: { ...NEW_ACCOUNT, next: 3n },
    now: NOW,
    exitDelaySeconds: 604_800n,
    openSlot: undefined,
    resolvedValue: undefined,
    ...changes,
  });

test('commits in any round without a vote, funds or an earlier round', () => {
  for (const round of [0, 1, 2 ** 32 - 1]) expect(decide(qc(round))).toEqual({ type: 'commit' });
  expect(decide(qc(0, value, 0n), { account: undefined })).toEqual({ type: 'commit' });
});

test('a slot that holds its value for good is answered from it', () => {
  expect(decide(qc(0), { resolvedValue: value })).toEqual({ type: 'resolved' });
  expect(decide(qc(0), { resolvedValue: other })).toEqual({ type: 'occupied' });
});

test('the same certificate again gets the recorded commit, even below a promise', () => {
  expect(decide(qc(2), { openSlot: locked(2, value, 9) })).toEqual({ type: 'committed', lock: lock(2) });
});

test('a round below the promise is stale', () => {
  const openSlot: OpenSlot = { promised: { epoch: 0n, round: 4 }, votes: [] };
  expect(decide(qc(3), { openSlot })).toMatchObject({ reject: { code: 'STALE_ROUND', facts: { promisedRound: 4 } } });
  expect(decide(qc(4), { openSlot })).toEqual({ type: 'commit' });
  expect(decide(qc(1), { openSlot: locked(2, value) })).toMatchObject({ reject: { code: 'STALE_ROUND' } });
});

test('a higher round may carry another value than the lock, the same round never', () => {
  expect(decide(qc(3, other), { openSlot: locked(2, value) })).toEqual({ type: 'commit' });
  expect(decide(qc(2, other), { openSlot: locked(2, value) })).toEqual({ type: 'conflict', lock: lock(2) });
});

test('commits only at next', () => {
  for (const sequence of [4n, 60n]) {
    expect(decide(qc(0, value, sequence))).toMatchObject({
      reject: { code: 'MISSING_PREDECESSOR', facts: { expectedSequence: 3n } },
    });
  }
});

test('signs nothing for a halted account', () => {
  expect(decide(qc(0), { account: { ...NEW_ACCOUNT, next: 3n, isHalted: true } })).toMatchObject({
    reject: { code: 'TEMPORARILY_UNAVAILABLE' },
  });
});

test('recording a commit locks the certificate, promises its round and keeps the votes', () => {
  const votes = [{ epoch: 0n, round: 0, value: other, signature: new Uint8Array(64) }];
  const before = { ...locked(1, other), votes };
  expect(withLock(before, lock(5))).toEqual({ promised: { epoch: 0n, round: 5 }, votes, lock: lock(5) });
  expect(withLock(undefined, lock(0))).toEqual({ promised: { epoch: 0n, round: 0 }, votes: [], lock: lock(0) });
});
