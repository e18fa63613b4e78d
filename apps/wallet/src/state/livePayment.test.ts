import type { PaymentProgress } from '@fastpay/client';
import { OrderKind, RejectError } from '@fastpay/protocol';
import { describe, expect, it } from 'vitest';
import { beginPayment, countSeals, observeProgress, retryDelayMs, sealsUntil } from './livePayment.ts';
import { addressOf, hashOf, orderOf } from './wallet.fixtures.ts';

const begun = beginPayment({ kind: OrderKind.transfer, recipient: addressOf(2), amount: 10_000_000n, fee: 2_000n });

function progress(change: Partial<PaymentProgress>): PaymentProgress {
  return {
    transactionHash: hashOf(1),
    order: orderOf(),
    state: 'signed',
    votes: [],
    commits: [],
    times: {},
    failures: new Map(),
    ...change,
  };
}

describe('a live payment', () => {
  it('notes when each signature was verified, once', () => {
    let live = observeProgress(begun, progress({}), 100);
    live = observeProgress(live, progress({ state: 'accepted', votes: [2] }), 104);
    live = observeProgress(live, progress({ state: 'accepted', votes: [2, 0] }), 106);
    live = observeProgress(live, progress({ state: 'certified', votes: [2, 0, 1], commits: [2] }), 112);
    expect(Object.fromEntries(live.seals)).toEqual({
      0: { voteMs: 6 },
      1: { voteMs: 12 },
      2: { voteMs: 4, commitMs: 12 },
    });
    expect(countSeals(live)).toEqual({ votes: 3, commits: 1 });
    expect(live.phase).toBe('collecting');
    expect([...sealsUntil(live.seals, 6).entries()].filter(([, seal]) => seal.voteMs !== undefined)).toHaveLength(2);
  });

  it('stops at the time that the client measured', () => {
    let live = observeProgress(begun, progress({}), 100);
    live = observeProgress(live, progress({ state: 'paid', times: { paid: 17.5 } }), 120);
    expect(live).toMatchObject({ phase: 'paid', paidMs: 17.5 });
    expect(observeProgress(live, progress({ state: 'paid', times: { paid: 19 } }), 130).paidMs).toBe(17.5);
  });

  it('dates the signatures of a stage to when the client reached it, not to when the snapshot came', () => {
    let live = observeProgress(begun, progress({}), 100);
    live = observeProgress(live, progress({ state: 'accepted', votes: [1], times: { accepted: 5 } }), 130);
    live = observeProgress(live, progress({ state: 'accepted', votes: [1, 2], times: { accepted: 5 } }), 131);
    expect(Object.fromEntries(live.seals)).toEqual({ 1: { voteMs: 5 }, 2: { voteMs: 31 } });
  });

  it('tells why it waits and forgets it when it goes on', () => {
    const stalled = new RejectError('TEMPORARILY_UNAVAILABLE', 'two validators do not answer');
    const blind = new RejectError('STALE_CHAIN', 'my view of the chain is too old');
    const failures = new Map([
      [2, blind],
      [3, stalled],
    ]);
    const waiting = observeProgress(begun, progress({ state: 'stalled', stalled, failures, votes: [0] }), 100);
    expect(waiting).toMatchObject({ phase: 'stalled', problem: { message: 'Two validators do not answer.' } });
    expect([...waiting.failures]).toEqual([
      [2, 'My view of the chain is too old'],
      [3, 'No answer'],
    ]);
    const again = observeProgress({ ...waiting, retryAt: 900 }, progress({ votes: [0, 1] }), 200);
    expect(again.phase).toBe('collecting');
    expect(again.problem).toBeUndefined();
    expect(again.retryAt).toBeUndefined();
    expect(again.failures.size).toBe(0);
  });

  it('waits longer after each attempt, but never more than ten seconds', () => {
    expect([1, 2, 3, 4, 5, 50].map(retryDelayMs)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });
});
