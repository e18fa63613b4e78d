import { binaryKey } from './binary-key.ts';
import { assertValidKeys, type Entry, type Kv, type RangeOptions } from './kv.ts';
import { type Change, createPendingGroup, overlaid, type PendingGroup } from './pending-group.ts';

/** A store whose commits take their time: what stands below a group-committing Kv. */
export interface Backend {
  get(key: Uint8Array): Uint8Array | undefined;
  /** In order, and of one moment for as long as it is iterated without a pause. */
  range(options: Omit<RangeOptions, 'limit'>): Iterable<Entry>;
  /** Stores all changes or none; resolves when they survive a power cut, and from then on shows them to reads. */
  commit(changes: Iterable<Change>): Promise<void>;
  close(): Promise<void>;
}

/** Runs the callback once the batches of this turn are all there. */
export type Schedule = (callback: () => void) => void;

/**
 * Makes a Kv of a backend: batches are visible at once and become durable in groups, one group at a time. Group n + 1
 * is handed to the backend only after group n is durable, so a crash loses whole groups from the end and nothing else.
 */
export function createGroupCommitKv(backend: Backend, { schedule }: { readonly schedule: Schedule }): Kv {
  let inFlight: PendingGroup | undefined;
  let open = createPendingGroup();
  let isScheduled = false;
  let stopped: Error | undefined;
  let closing: Promise<void> | undefined;

  function assertUsable(): void {
    if (stopped) throw stopped;
  }

  function request(): void {
    if (isScheduled || inFlight || open.size === 0) return;
    isScheduled = true;
    schedule(() => {
      isScheduled = false;
      void commitOpenGroup();
    });
  }

  async function commitOpenGroup(): Promise<void> {
    if (inFlight || open.size === 0 || stopped) return;
    const group = open;
    inFlight = group;
    open = createPendingGroup();
    try {
      await backend.commit(group.changes());
    } catch (cause) {
      fail(new Error('the store could not make a batch durable', { cause }), group);
      return;
    }
    // From here on the backend shows what the group held.
    inFlight = undefined;
    group.resolve();
    request();
  }

  function fail(error: Error, group: PendingGroup): void {
    stopped = error;
    group.reject(error);
    if (open.size > 0) open.reject(error);
  }

  /** The newest change that is not stored yet. */
  function pendingChange(name: string): Change | undefined {
    return open.get(name) ?? inFlight?.get(name);
  }

  async function finish(): Promise<void> {
    try {
      while (!stopped && (inFlight || open.size > 0)) await (inFlight ?? open).durable;
    } finally {
      stopped ??= new Error('the store is closed');
      await backend.close();
    }
  }

  return {
    get(key) {
      assertUsable();
      const change = pendingChange(binaryKey(key));
      if (change) return change.value && Uint8Array.from(change.value);
      return backend.get(key);
    },
    range({ start, end, limit = Number.POSITIVE_INFINITY, reverse = false }) {
      assertUsable();
      const found: Entry[] = [];
      const [low, high] = [binaryKey(start), binaryKey(end)];
      if (limit <= 0 || low >= high) return found;
      const pending = new Map(inFlight?.changesIn(low, high));
      for (const [name, change] of open.changesIn(low, high)) pending.set(name, change);
      for (const entry of overlaid(backend.range({ start, end, reverse }), pending, { reverse })) {
        found.push(entry);
        if (found.length >= limit) break;
      }
      return found;
    },
    write(batch) {
      if (stopped || closing) return Promise.reject(stopped ?? new Error('the store is closing'));
      assertValidKeys(batch);
      open.apply(batch);
      request();
      // An empty batch promises what was written before it.
      return open.size > 0 ? open.durable : (inFlight?.durable ?? Promise.resolve());
    },
    close() {
      closing ??= finish();
      return closing;
    },
  };
}
