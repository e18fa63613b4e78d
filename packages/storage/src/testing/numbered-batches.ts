import type { Kv, Operation } from '../kv.ts';
import { dump } from './crashable-kv.ts';

/**
 * Batches 0, 1, 2, … that tell afterwards whether any is missing or torn: a numbered entry, the same number under a
 * key elsewhere in the tree, and the number of the last batch.
 */

const LAST = Uint8Array.of(254);
const SCATTERED = 255;

function numberKey(index: number): Uint8Array<ArrayBuffer> {
  const key = new Uint8Array(8);
  new DataView(key.buffer).setBigUint64(0, BigInt(index));
  return key;
}

function numberOf(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
}

function contentOf(index: number): Uint8Array {
  return new Uint8Array(1_000).fill(index % 251);
}

export function numberedBatch(index: number): readonly Operation[] {
  const number = numberKey(index);
  return [
    { type: 'put', key: number, value: contentOf(index) },
    { type: 'put', key: Uint8Array.of(SCATTERED, (index * 167) % 256, ...number), value: number },
    { type: 'put', key: LAST, value: number },
  ];
}

/** The number of the first batch that is not in the store. */
export function nextBatch(kv: Kv): number {
  const last = kv.get(LAST);
  return last ? numberOf(last) + 1 : 0;
}

/** How many batches the store holds. @throws Error unless these are the first ones, without a gap, and each is whole. */
export function countWholeBatches(kv: Kv): number {
  const count = nextBatch(kv);
  const entries = dump(kv);
  const expected = count === 0 ? 0 : 2 * count + 1;
  if (entries.length !== expected) throw new Error(`${count} batches are ${expected} entries, not ${entries.length}`);
  for (let index = 0; index < count; index++) {
    for (const operation of numberedBatch(index).slice(0, 2)) {
      const found = kv.get(operation.key);
      const wanted = operation.type === 'put' ? operation.value : undefined;
      if (found?.join() !== wanted?.join()) throw new Error(`batch ${index} of ${count} is torn`);
    }
  }
  return count;
}
