import { toHash } from '@fastpay/protocol';
import { expect, it } from 'vitest';
import { createInFlight } from './in-flight.ts';
import { settlerLimits } from './limits.ts';
import { createPassedOver } from './passed-over.ts';

const batch = (byte: string, validBefore: bigint, ...keys: string[]) => ({
  transactionHash: toHash(`0x${byte.repeat(32)}`),
  validBefore,
  keys: new Set(keys),
});

it('holds entries back until a block shows them, or none can any more', () => {
  const inFlight = createInFlight();
  inFlight.add(batch('01', 130n, 'a', 'b'));
  inFlight.add(batch('02', 140n, 'c'));
  expect([...'abcd'].filter((key) => inFlight.has(key))).toEqual(['a', 'b', 'c']);
  expect(inFlight.settleUp(new Set('bcd'), 120n)).toEqual([]);
  expect(inFlight.settleUp(new Set('bd'), 129n)).toEqual([]);
  expect(inFlight.batches.map(({ validBefore }) => validBefore)).toEqual([130n]);
  expect(inFlight.settleUp(new Set('bd'), 130n).map(({ validBefore }) => validBefore)).toEqual([130n]);
  expect(inFlight.has('b')).toBe(false);
});

it('lets what was passed over wait, longer each time, up to a bound', () => {
  const passedOver = createPassedOver();
  const waits: number[] = [];
  let now = 0;
  for (let attempt = 0; attempt < 9; attempt++) {
    passedOver.note('a', now);
    let waitMs = 0;
    while (passedOver.isWaiting('a', now + waitMs)) waitMs += 500;
    waits.push(waitMs);
    now += waitMs;
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  expect(passedOver.isWaiting('b', 0)).toBe(false);
});

it('forgets what left the outbox, and the oldest when there are too many', () => {
  const passedOver = createPassedOver();
  passedOver.note('a', 0);
  passedOver.note('b', 0);
  passedOver.keepOnly(new Set(['b']));
  expect([passedOver.isWaiting('a', 1), passedOver.isWaiting('b', 1)]).toEqual([false, true]);
  for (let entry = 0; entry < settlerLimits.passedOver; entry++) passedOver.note(`entry ${entry}`, 0);
  expect(passedOver.isWaiting('b', 1)).toBe(false);
  expect(passedOver.isWaiting('entry 0', 1)).toBe(true);
});
