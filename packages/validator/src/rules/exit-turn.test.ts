import { limits } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { DRIVER_SKEW_SECONDS, driverAt, driverOf, exitRoundAt, mayDrive } from './exit-turn.ts';

const turn = Number(limits.driverTurnSeconds);
const first = limits.firstExitRound;
const at = (seconds: number) => seconds * 1_000;

test('validators take turns of the same length, in the order of the committee', () => {
  const drivers = Array.from({ length: 5 * turn }, (_, second) => driverAt(BigInt(second), 4));
  const expected = [0, 1, 2, 3, 0].flatMap((driver) => Array.from({ length: turn }, () => driver));
  expect(drivers).toEqual(expected);
});

test('each turn has a round of its own, and each round a driver', () => {
  const rounds = Array.from({ length: 3 * turn }, (_, second) => exitRoundAt(BigInt(second)));
  expect(rounds).toEqual([0, 1, 2].flatMap((number) => Array.from({ length: turn }, () => first + number)));
  expect([0, 1, 2, 3, 4, 5].map((number) => driverOf(first + number, 4))).toEqual([0, 1, 2, 3, 0, 1]);
});

test('a driver is heard in its turn and, for clocks that differ, shortly before and after, and at no other time', () => {
  const skew = Number(DRIVER_SKEW_SECONDS);
  const seconds = Array.from({ length: 9 * turn }, (_, second) => second);
  const heard = seconds.filter((second) => mayDrive(1, first + 5, at(second), 4));
  const expected = Array.from({ length: turn + 2 * skew }, (_, index) => 5 * turn - skew + index);
  expect(heard).toEqual(expected);
});

test('no driver is heard for a round that is not its own, whatever the time', () => {
  for (let second = 0; second < 9 * turn; second++) {
    const heard = [0, 1, 2, 3].flatMap((driver) =>
      Array.from({ length: 10 }, (_, number) => number)
        .filter((number) => mayDrive(driver, first + number, at(second), 4))
        .map((number) => number % 4 === driver),
    );
    expect(heard.every(Boolean)).toBe(true);
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.length).toBeLessThanOrEqual(2);
  }
});

test('milliseconds do not matter, and the first moment of all is the first validator’s', () => {
  expect(mayDrive(0, first, 999.9, 4)).toBe(true);
  expect(mayDrive(0, first, 0, 4)).toBe(true);
  expect(mayDrive(3, first, 0, 4)).toBe(false);
  expect(mayDrive(3, first + 3, 0, 4)).toBe(false);
});

test('alone it is always one’s turn', () => {
  for (const second of [0, 1, turn, 3 * turn + 5]) {
    expect(mayDrive(0, exitRoundAt(BigInt(second)), at(second), 1)).toBe(true);
  }
});
