import { limits } from '@fastpay/protocol';
import { describe, expect, test } from 'vitest';
import { ChainMismatchError } from '../errors.ts';
import { type AccountState, NEW_ACCOUNT } from '../state/account-state.ts';
import { accountOf, blockAt, payer } from '../testing/world.fixtures.ts';
import type { ExitEvent } from '../validator.ts';
import {
  afterExit,
  freshExits,
  isExiting,
  isLeftOpen,
  isTooLateToCommit,
  isUnfundedSinceLeaving,
  mayBeClosed,
} from './exit.ts';

const account = accountOf(payer(0));
const at = (height: bigint) => ({ account, block: blockAt(height) });
const requested = (height: bigint, readyAt = 1_000n): ExitEvent => ({ type: 'requested', readyAt, ...at(height) });
const cancelled = (height: bigint): ExitEvent => ({ type: 'cancelled', ...at(height) });
const executed = (height: bigint, amount = 5n): ExitEvent => ({ type: 'executed', amount, ...at(height) });
const openSlot = (round: number) => ({ promised: { epoch: 0n, round }, votes: [] });
const rich: AccountState = { ...NEW_ACCOUNT, balance: 20n, next: 3n };

describe('what is taken in', () => {
  test('events above the block known as final, in the order of the chain', () => {
    const events = [requested(2n), cancelled(3n), requested(3n), executed(5n)];
    expect(freshExits(blockAt(5n), events, undefined)).toEqual(events);
    expect(freshExits(blockAt(5n), events, blockAt(3n))).toEqual([executed(5n)]);
    expect(freshExits(blockAt(5n), events, blockAt(5n))).toEqual([]);
  });

  test('nothing from above the finalized block, nor out of order, known or not', () => {
    expect(() => freshExits(blockAt(4n), [requested(5n)], undefined)).toThrow(ChainMismatchError);
    expect(() => freshExits(blockAt(9n), [cancelled(3n), requested(2n)], blockAt(8n))).toThrow(ChainMismatchError);
  });

  test('nothing that the reserve cannot have emitted', () => {
    const exiting = afterExit(rich, requested(1n), false);
    for (const impossible of [
      () => afterExit(exiting, requested(2n), false),
      () => afterExit(rich, cancelled(2n), false),
      () => afterExit(undefined, executed(2n), false),
      () => afterExit(exiting, executed(2n, -1n), false),
    ]) {
      expect(impossible).toThrow(ChainMismatchError);
    }
  });
});

test('a request stands until it is cancelled or executed; only executing moves money', () => {
  const exiting = afterExit(rich, requested(1n, 77n), true);
  expect(exiting).toEqual({ ...rich, exit: { readyAt: 77n, closing: 3n } });
  expect(isExiting(exiting)).toBe(true);
  const back = afterExit(exiting, cancelled(2n), true);
  expect(back).toEqual({ ...rich, exit: { closing: 3n } });
  expect(isExiting(back)).toBe(false);
  expect(afterExit(exiting, executed(2n, 20n), false)).toEqual({
    ...rich,
    balance: 0n,
    exit: { closing: 3n, leftAt: 3n },
  });
});

test('a slot that was begun when the exit was executed is left open; one that was not goes on', () => {
  const exiting = afterExit(rich, requested(1n), true);
  const left = afterExit(exiting, executed(2n), true);
  expect(isLeftOpen(left, 3n)).toBe(true);
  expect(isLeftOpen({ ...left, next: 4n }, 4n)).toBe(false);
  expect(isLeftOpen(afterExit(exiting, executed(2n), false), 3n)).toBe(false);
  // A second exit does not make the first one's slot forgotten.
  const again = afterExit(afterExit(left, requested(3n), true), executed(4n), false);
  expect(isLeftOpen(again, 3n)).toBe(true);
});

test('whoever has left needs the money again', () => {
  const exiting = afterExit(rich, requested(1n), false);
  const left = afterExit(exiting, executed(2n, 15n), false);
  expect([5n, 6n].map((cost) => isUnfundedSinceLeaving(left, cost))).toEqual([false, true]);
  expect(isUnfundedSinceLeaving({ ...exiting, balance: 0n }, 6n)).toBe(false);
});

describe('validators may close', () => {
  const exiting = afterExit(rich, requested(1n), true);

  test('any slot while the exit stands requested', () => {
    expect(mayBeClosed(exiting, undefined)).toBe(true);
    expect(mayBeClosed({ ...exiting, next: 9n }, undefined)).toBe(true);
  });

  test('after it was cancelled or executed only the slot that was open then', () => {
    for (const event of [cancelled(2n), executed(2n)]) {
      const after = afterExit(exiting, event, true);
      expect(mayBeClosed(after, undefined)).toBe(true);
      expect(mayBeClosed({ ...after, next: 4n }, undefined)).toBe(false);
    }
  });

  test('a slot in which an exit round was promised, whatever else is known', () => {
    expect(mayBeClosed(undefined, openSlot(limits.firstExitRound))).toBe(true);
    expect(mayBeClosed(undefined, openSlot(limits.firstExitRound - 1))).toBe(false);
  });

  test('nothing of an account that never asked to leave', () => {
    expect(mayBeClosed(undefined, undefined)).toBe(false);
    expect(mayBeClosed(rich, openSlot(7))).toBe(false);
  });
});

test('the last quarter of the delay is for settling: an order comes too late then', () => {
  const exiting = afterExit(rich, requested(1n, 1_000n), true);
  const isLate = (now: bigint, account = exiting) => isTooLateToCommit(account, { now, exitDelaySeconds: 400n });
  expect([899n, 900n, 901n, 1_000n, 5_000n].map((now) => isLate(now))).toEqual([false, false, true, true, true]);
  expect(isLate(5_000n, afterExit(exiting, cancelled(2n), true))).toBe(false);
  expect(isLate(5_000n, rich)).toBe(false);
});
