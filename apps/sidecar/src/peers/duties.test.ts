import { limits, PATH_USD, type QuorumCertificate, SKIP, toAddress, toSequence } from '@fastpay/protocol';
import type { ExitingAccount } from '@fastpay/validator';
import { expect, it } from 'vitest';
import { createDutyRoster, type DutySituation } from './duties.ts';
import { peerLimits } from './limits.ts';

const TURN_MS = Number(limits.driverTurnSeconds) * 1_000;
const slotAt = (sequence: number) => ({
  owner: toAddress(`0x${'aa'.repeat(20)}`),
  asset: PATH_USD,
  sequence: toSequence(BigInt(sequence)),
});
const exitingAt = (sequence: number): ExitingAccount => ({
  account: slotAt(sequence),
  readyAt: 0n,
  openSlot: { slot: slotAt(sequence), promisedRound: 0 },
  unsettled: 0,
});
const lockAt = (sequence: number): QuorumCertificate => ({
  type: 'quorum',
  epoch: 0n,
  slot: slotAt(sequence),
  round: 0,
  value: SKIP,
  signatures: [],
});

/** It is the turn of signer 0. */
const situation: DutySituation = {
  mode: 'signing',
  signer: 0,
  committeeSize: 4,
  nowMs: 4 * TURN_MS,
  exiting: [],
  staleLocks: [],
};

it('closes slots of exiting accounts in its turn only, and only those that are open', () => {
  const exiting = [exitingAt(1), { account: slotAt(2), readyAt: 0n, unsettled: 1 }];
  expect(createDutyRoster().next({ ...situation, exiting })).toEqual([{ type: 'close', slot: slotAt(1) }]);
  expect(createDutyRoster().next({ ...situation, signer: 1, exiting })).toEqual([]);
});

it('finishes what it is locked on in anybody’s turn, before everything else', () => {
  const due = createDutyRoster().next({ ...situation, exiting: [exitingAt(1)], staleLocks: [lockAt(2)] });
  expect(due.map(({ type }) => type)).toEqual(['finish', 'close']);
  expect(createDutyRoster().next({ ...situation, signer: 3, staleLocks: [lockAt(2)] })).toHaveLength(1);
});

it('does nothing while it only observes', () => {
  const all = { exiting: [exitingAt(1)], staleLocks: [lockAt(2)] };
  expect(createDutyRoster().next({ ...situation, mode: 'observing', ...all })).toEqual([]);
});

it('works on so many at once, and on none twice', () => {
  const staleLocks = Array.from({ length: 30 }, (_, sequence) => lockAt(sequence));
  const roster = createDutyRoster();
  const first = roster.next({ ...situation, staleLocks });
  expect(first).toHaveLength(peerLimits.duties.atOnce);
  expect(roster.next({ ...situation, staleLocks })).toEqual([]);
  for (const duty of first) roster.done(duty, 'ended', situation.nowMs);
  expect(roster.next({ ...situation, staleLocks: staleLocks.slice(8) })).toHaveLength(peerLimits.duties.atOnce);
});

it('waits longer after each failure, up to a bound', () => {
  const roster = createDutyRoster();
  const staleLocks = [lockAt(1)];
  const [duty] = roster.next({ ...situation, staleLocks });
  if (!duty) throw new Error('nothing is due');
  let { nowMs } = situation;
  const turnsWaited = Array.from({ length: 7 }, () => {
    roster.done(duty, 'open', nowMs);
    const failedAtMs = nowMs;
    let taken: readonly unknown[] = [];
    while (taken.length === 0) {
      nowMs += TURN_MS;
      taken = roster.next({ ...situation, nowMs, staleLocks });
    }
    return (nowMs - failedAtMs) / TURN_MS;
  });
  expect(turnsWaited).toEqual([1, 2, 4, 8, 16, 16, 16]);
});

it('is not kept from new ones by a crowd that nobody can end', () => {
  const { atOnce, intervalMs, staleLocks: pageSize } = peerLimits.duties;
  const crowd = Array.from({ length: 3_000 }, (_, sequence) => lockAt(sequence));
  const roster = createDutyRoster();
  let { nowMs } = situation;
  let page = 0;
  /** One look, at the next page of the crowd. */
  const look = (more: Partial<DutySituation> = {}) => {
    nowMs += intervalMs;
    page = (page + 1) % Math.ceil(crowd.length / pageSize);
    const staleLocks = [...crowd.slice(page * pageSize, (page + 1) * pageSize), ...(more.staleLocks ?? [])];
    const duties = roster.next({ ...situation, nowMs, ...more, staleLocks });
    for (const duty of duties) roster.done(duty, 'open', nowMs);
    return duties;
  };
  for (let looks = 0; looks < crowd.length; looks++) expect(look().length).toBeLessThanOrEqual(atOnce);
  // Whose turn it is goes round: here it is that of this validator again.
  while ((nowMs + intervalMs) % (4 * TURN_MS) !== 0) look();
  const given = look({ staleLocks: [lockAt(9_000)], exiting: [exitingAt(9_001)] });
  expect(given).toContainEqual({ type: 'finish', certificate: lockAt(9_000) });
  expect(given).toContainEqual({ type: 'close', slot: slotAt(9_001) });
});
