import { createMemoryMarker } from '@fastpay/storage';
import { createCrashableKv } from '@fastpay/storage/testing';
import { expect, test } from 'vitest';
import { createDurableStore } from './durable-store.ts';
import { openSigningGate } from './signing-gate.ts';
import { createLedger } from './state/ledger.ts';
import { depositOf, payer, settle } from './testing/world.fixtures.ts';

const gate = () => openSigningGate(createMemoryMarker(), { storeId: new Uint8Array(16), bound: Promise.resolve() }, 0n);

function setup() {
  const kv = createCrashableKv();
  const store = createDurableStore(kv, createLedger(kv), Promise.resolve(), gate());
  const heard: bigint[] = [];
  store.onEntry(({ cursor }) => heard.push(cursor));
  const log = (...indices: readonly bigint[]) => {
    const step = store.begin();
    for (const index of indices) {
      const deposit = depositOf(index, payer(0), 1n);
      step.putDeposit(deposit);
      step.log({ type: 'deposited', deposit });
    }
    store.commit(step);
  };
  return { kv, store, heard, log };
}

test('lines are told in cursor order, once each, and only when they are durable', async () => {
  const { kv, store, heard, log } = setup();
  log(0n, 1n);
  log(2n);
  log(3n);
  await settle();
  expect(heard).toEqual([]);
  expect(store.durableCursor()).toBe(0n);
  kv.flush(1);
  await settle();
  expect(heard).toEqual([1n, 2n]);
  expect(store.durableCursor()).toBe(2n);
  kv.flush();
  await store.barrier();
  expect(store.durableCursor()).toBe(4n);
  await settle();
  expect(heard).toEqual([1n, 2n, 3n, 4n]);
});

test('a cursor that a crash took away is given again, and was shown to nobody', async () => {
  const { kv, heard, log } = setup();
  log(0n);
  kv.flush();
  log(1n);
  await settle();
  const after = kv.crash();
  const reopened = createDurableStore(after, createLedger(after), Promise.resolve(), gate());
  expect(heard).toEqual([1n]);
  expect(reopened.head().cursor).toBe(1n);
  expect(reopened.durableCursor()).toBe(1n);
});

test('a listener that has left hears nothing more, and one that comes hears what follows', async () => {
  const { kv, store, log } = setup();
  const heard: string[] = [];
  const leave = store.onEntry(({ cursor }) => {
    heard.push(`first ${cursor}`);
    leave();
  });
  log(0n, 1n);
  kv.flush();
  await settle();
  store.onEntry(({ cursor }) => heard.push(`second ${cursor}`));
  log(2n);
  kv.flush();
  await settle();
  expect(heard).toEqual(['first 1', 'second 3']);
});

test('the barrier waits for everything written before it, and for nothing else', async () => {
  const { kv, store, log } = setup();
  await store.barrier();
  log(0n);
  let isPassed = false;
  const barrier = store.barrier().then(() => {
    isPassed = true;
  });
  await settle();
  expect(isPassed).toBe(false);
  kv.flush();
  await barrier;
});

test('a step that was overtaken is not written', () => {
  const { kv, store, log } = setup();
  const slow = store.begin();
  log(0n);
  expect(() => store.commit(slow)).toThrow('overtaken');
  expect(kv.pendingCount()).toBe(1);
});

test('after a failed write the lines of later ones are told to nobody', async () => {
  const { kv, store, heard, log } = setup();
  log(0n);
  kv.breakDisk(new Error('gone'));
  await expect(store.barrier()).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  expect(() => log(1n)).toThrow('has stopped');
  await settle();
  expect(heard).toEqual([]);
});
