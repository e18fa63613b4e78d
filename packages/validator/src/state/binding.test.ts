import { createCrashableKv, dump } from '@fastpay/storage/testing';
import { expect, test } from 'vitest';
import { StoreCorruptionError, StoreMismatchError } from '../errors.ts';
import { createWorld } from '../testing/world.fixtures.ts';
import { bindStore } from './binding.ts';
import { bindingKey } from './keys.ts';

const { network } = createWorld();
const newStoreId = () => new Uint8Array(16).fill(7);

async function boundStore() {
  const kv = createCrashableKv();
  kv.flushByItself();
  await bindStore(kv, network, 0, newStoreId).bound;
  const binding = kv.get(bindingKey);
  if (!binding) throw new Error('the store is not bound');
  return { kv, binding };
}

test('a store of another layout is refused by name, before any row of it is read, and left as it is', async () => {
  const { kv, binding } = await boundStore();
  const version = new DataView(binding.buffer, binding.byteOffset).getUint16(0);
  // Rounds, exits and evidence came with version 2: what version 1 wrote has other rows.
  expect(version).toBeGreaterThanOrEqual(2);
  for (const other of [version - 1, version + 1]) {
    const old = Uint8Array.from(binding);
    new DataView(old.buffer).setUint16(0, other);
    await kv.write([{ type: 'put', key: bindingKey, value: old }]);
    const before = dump(kv);
    expect(() => bindStore(kv, network, 0, newStoreId)).toThrow(
      new StoreMismatchError(
        `the store was made for another version of the store (${other}, not ${version}): it must not be used for this one`,
      ),
    );
    expect(dump(kv)).toEqual(before);
  }
});

test('a binding that does not decode is corruption', async () => {
  const { kv, binding } = await boundStore();
  await kv.write([{ type: 'put', key: bindingKey, value: binding.subarray(1) }]);
  expect(() => bindStore(kv, network, 0, newStoreId)).toThrow(StoreCorruptionError);
});
