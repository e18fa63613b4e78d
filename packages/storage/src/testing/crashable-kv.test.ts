import { expect, test } from 'vitest';
import type { Operation } from '../kv.ts';
import { createCrashableKv, dump } from './crashable-kv.ts';
import { kvContract } from './kv-contract.fixtures.ts';

const put = (name: number): Operation => ({ type: 'put', key: Uint8Array.of(name), value: Uint8Array.of(name) });
const names = (kv: Parameters<typeof dump>[0]) => dump(kv).map(([key]) => key[0]);

kvContract('the crashable store', () => {
  const kv = createCrashableKv();
  kv.flushByItself();
  return Promise.resolve(kv);
});

test('a crash keeps what was durable and as much of the rest, from the front, as the test wants', async () => {
  const kv = createCrashableKv();
  const durable = kv.write([put(1)]);
  kv.flush();
  await durable;
  const lost = [kv.write([put(2)]), kv.write([put(3)])];
  expect(names(kv)).toEqual([1, 2, 3]);
  expect(kv.pendingCount()).toBe(2);
  const after = kv.crash(1);
  expect(names(after)).toEqual([1, 2]);
  expect(() => kv.get(Uint8Array.of(1))).toThrow('the power is gone');
  const settled = await Promise.race([...lost, new Promise((resolve) => setImmediate(() => resolve('pending')))]);
  expect(settled).toBe('pending');
  expect(names(after.crash())).toEqual([1, 2]);
});

test('a store opens on what was durable in another, and goes its own way', async () => {
  const kv = createCrashableKv();
  void kv.write([put(1)]);
  kv.flush();
  void kv.write([put(2)]);
  const copy = createCrashableKv(kv.durable());
  expect(names(copy)).toEqual([1]);
  void copy.write([put(3)]);
  copy.flush();
  expect(copy.durable()).toEqual([[put(1)], [put(3)]]);
  expect(kv.durable()).toEqual([[put(1)]]);
  expect(names(copy.crash())).toEqual([1, 3]);
});

test('a broken disk rejects pending and later batches', async () => {
  const kv = createCrashableKv();
  const pending = kv.write([put(1)]);
  kv.breakDisk(new Error('input/output error'));
  await expect(pending).rejects.toThrow('input/output error');
  await expect(kv.write([put(2)])).rejects.toThrow('input/output error');
});
