import { limits } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { DRIVER_SKEW_SECONDS, driverAt, mayDrive } from './exit-turn.ts';

const turn = Number(limits.driverTurnSeconds);
const at = (seconds: number) => seconds * 1_000;

test('validators take turns of the same length, in the order of the committee', () => {
  const drivers = Array.from({ length: 5 * turn }, (_, second) => driverAt(BigInt(second), 4));
  const expected = [0, 1, 2, 3, 0].flatMap((driver) => Array.from({ length: turn }, () => driver));
  expect(drivers).toEqual(expected);
});

test('a driver is heard in its turn and, for clocks that differ, shortly before and after, and at no other time', () => {
  const skew = Number(DRIVER_SKEW_SECONDS);
  const heard = Array.from({ length: 4 * turn }, (_, second) => second).filter((second) => mayDrive(1, at(second), 4));
  const expected = Array.from({ length: turn + 2 * skew }, (_, index) => turn - skew + index);
  expect(heard).toEqual(expected);
});

test('milliseconds do not matter, and the first moment of all is the first validator’s', () => {
  expect(mayDrive(0, 999.9, 4)).toBe(true);
  expect(mayDrive(0, 0, 4)).toBe(true);
  expect(mayDrive(3, 0, 4)).toBe(false);
});

test('alone it is always one’s turn', () => {
  for (const second of [0, 1, turn, 3 * turn + 5]) expect(mayDrive(0, at(second), 1)).toBe(true);
});
