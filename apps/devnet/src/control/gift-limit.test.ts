import { type Address, toAddress } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { createGiftLimit } from './gift-limit.ts';
import { controlLimits } from './limits.ts';

const address = (index: number): Address => toAddress(`0x${index.toString(16).padStart(40, '0')}`);

test('an address gets its gifts and then no more, however long it waits', () => {
  const mayGive = createGiftLimit();
  for (let gift = 0; gift < controlLimits.giftsPerAddress; gift++) {
    expect(mayGive(address(1), gift * 10_000)).toEqual({ allowed: true });
  }
  expect(mayGive(address(1), 1e9)).toMatchObject({ allowed: false, reason: expect.stringContaining('all of its') });
  expect(mayGive(address(2), 1e9)).toEqual({ allowed: true });
});

test('many addresses at once are told when to come again', () => {
  const mayGive = createGiftLimit();
  for (let index = 0; index < controlLimits.giftBurst; index++) {
    expect(mayGive(address(index), 0)).toEqual({ allowed: true });
  }
  expect(mayGive(address(99), 0)).toEqual({ allowed: false, reason: 'Too many gifts at once.', retryAfterSeconds: 1 });
  expect(mayGive(address(99), 1_000)).toEqual({ allowed: true });
});

test('a refusal does not use up a gift', () => {
  const mayGive = createGiftLimit();
  for (let index = 0; index < controlLimits.giftBurst; index++) mayGive(address(index), 0);
  for (let attempt = 0; attempt < 100; attempt++) mayGive(address(99), 0);
  for (let gift = 0; gift < controlLimits.giftsPerAddress; gift++) {
    expect(mayGive(address(99), 10_000 * (gift + 1))).toEqual({ allowed: true });
  }
});
