import { getHeapSpaceStatistics } from 'node:v8';

/** What V8 makes out of source code, now and then and as it sees fit: no run holds on to it. */
const COMPILED_CODE = new Set(['code_space', 'code_large_object_space', 'trusted_space', 'trusted_large_object_space']);

/**
 * Bytes of objects that something still holds on to: the heap after a full collection, without compiled code.
 * @throws Error unless Node was started with --expose-gc.
 */
export async function liveHeapBytes(): Promise<number> {
  const { gc } = globalThis;
  if (!gc) throw new Error('the heap can only be measured with --expose-gc');
  // What ends with one collection may let go of more: finalizers, weak maps, messages to this thread.
  for (let round = 0; round < 3; round++) {
    gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return getHeapSpaceStatistics()
    .filter(({ space_name }) => !COMPILED_CODE.has(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}
