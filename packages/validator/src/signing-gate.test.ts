import { createMemoryMarker } from '@fastpay/storage';
import { expect, it } from 'vitest';
import { openSigningGate } from './signing-gate.ts';

const storeOf = (fill: number) => ({ storeId: new Uint8Array(16).fill(fill), bound: Promise.resolve() });

it('stands for the store before anything is signed: the first record may be followed by a crash', async () => {
  const marker = createMemoryMarker();
  await openSigningGate(marker, storeOf(1), 0n).settled;
  expect(openSigningGate(marker, storeOf(1), 1n).reason).toBeUndefined();
});

it('stands for no store whose identity is not durable yet', async () => {
  const marker = createMemoryMarker();
  let bind = (): void => undefined;
  const bound = new Promise<void>((resolve) => {
    bind = resolve;
  });
  const { settled } = openSigningGate(marker, { ...storeOf(1), bound }, 0n);
  await Promise.resolve();
  expect(marker.read()).toBeUndefined();
  bind();
  await settled;
  expect(marker.read()).toMatchObject({ count: 0n, isRetired: false });
});

it('lets a new store take over while no signature ever left, and never after', async () => {
  const marker = createMemoryMarker();
  await openSigningGate(marker, storeOf(1), 0n).settled;
  const second = openSigningGate(marker, storeOf(2), 0n);
  await second.settled;
  expect(second.reason).toBeUndefined();
  await second.advance(1n);
  const third = openSigningGate(marker, storeOf(3), 0n);
  await third.settled;
  expect(third.reason).toBe('storeReplaced');
  expect(openSigningGate(marker, storeOf(2), 1n).reason).toBe('retired');
});

it('takes a store with signatures but without a marker for one whose marker was lost', () => {
  expect(openSigningGate(createMemoryMarker(), storeOf(1), 1n).reason).toBe('markerMissing');
});

it('takes a store that knows of fewer signatures than the marker for an old one', async () => {
  const marker = createMemoryMarker();
  const gate = openSigningGate(marker, storeOf(1), 0n);
  await gate.settled;
  await gate.advance(5n);
  expect(openSigningGate(marker, storeOf(1), 5n).reason).toBeUndefined();
  expect(openSigningGate(marker, storeOf(1), 4n).reason).toBe('storeRolledBack');
});
