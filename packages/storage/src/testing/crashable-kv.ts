import { assertValidKeys, type Entry, type Kv, type Operation } from '../kv.ts';
import { createMemoryKv } from '../memory.ts';

/** A memory store with a disk that the test controls: batches are visible at once and durable when it says so. */
export interface CrashableKv extends Kv {
  /** Batches that are not durable yet. */
  pendingCount(): number;
  /** Batches written in all lives of this store. */
  writtenCount(): number;
  /** Every batch that is durable, from all lives of this store, the oldest first. */
  durable(): readonly (readonly Operation[])[];
  /** Makes the oldest `count` pending batches durable (all by default). */
  flush(count?: number): void;
  /** From now on every batch is durable soon after it was written, without being told. */
  flushByItself(): void;
  /**
   * A power cut: this handle is dead, its promises never settle. Returns the store as the next process finds it:
   * what was durable, and the oldest `survivors` of the pending batches.
   */
  crash(survivors?: number): CrashableKv;
  /** The disk breaks: pending and later batches reject. */
  breakDisk(error: Error): void;
}

/** `durable` is what its disk holds already, as another store's `durable()` gave it. */
export function createCrashableKv(durable: readonly (readonly Operation[])[] = []): CrashableKv {
  return openOn([...durable]);
}

interface PendingBatch {
  readonly operations: readonly Operation[];
  resolve(): void;
  reject(error: Error): void;
}

/** `disk` holds the durable batches, oldest first; it is this handle's own. */
function openOn(disk: (readonly Operation[])[]): CrashableKv {
  const visible = createMemoryKv();
  for (const batch of disk) void visible.write(batch);
  let pending: PendingBatch[] = [];
  let dead: Error | undefined;
  let selfFlushing = false;

  function assertAlive(): void {
    if (dead) throw dead;
  }

  function flush(count = pending.length): void {
    for (const batch of pending.splice(0, count)) {
      disk.push(batch.operations);
      batch.resolve();
    }
  }

  return {
    get(key) {
      assertAlive();
      return visible.get(key);
    },
    range(options) {
      assertAlive();
      return visible.range(options);
    },
    write(batch) {
      if (dead) return Promise.reject(dead);
      assertValidKeys(batch);
      const operations = batch.map(copyOf);
      void visible.write(operations);
      return new Promise((resolve, reject) => {
        pending.push({ operations, resolve, reject });
        if (selfFlushing) void Promise.resolve().then(() => flush());
      });
    },
    close() {
      if (dead) return Promise.reject(dead);
      flush();
      dead = new Error('the store is closed');
      return Promise.resolve();
    },
    pendingCount: () => pending.length,
    writtenCount: () => disk.length + pending.length,
    durable: () => [...disk],
    flush,
    flushByItself() {
      selfFlushing = true;
      flush();
    },
    crash(survivors = 0) {
      const found = [...disk, ...pending.slice(0, survivors).map(({ operations }) => operations)];
      pending = [];
      dead = new Error('the power is gone');
      return openOn(found);
    },
    breakDisk(error) {
      dead = error;
      for (const batch of pending.splice(0)) batch.reject(error);
    },
  };
}

function copyOf(operation: Operation): Operation {
  const key = new Uint8Array(operation.key);
  return operation.type === 'put'
    ? { type: 'put', key, value: new Uint8Array(operation.value) }
    : { type: 'delete', key };
}

/** Everything in a store, in order. */
export function dump(kv: Kv): readonly Entry[] {
  return [...kv.range({ start: new Uint8Array(), end: new Uint8Array(512).fill(0xff) })];
}
