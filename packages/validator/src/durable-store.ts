import { RejectError } from '@fastpay/protocol';
import type { Kv } from '@fastpay/storage';
import type { SigningGate } from './signing-gate.ts';
import type { Ledger } from './state/ledger.ts';
import { beginStep, type Step } from './state/step.ts';
import type { BulletinEntry } from './validator.ts';

/**
 * The only place that writes. A step is visible to reads when `commit` returns; whoever lets something out that rests
 * on it waits for `barrier` first. After the first failed write everything is refused (docs/adr/005-validator-store.md).
 */
export interface DurableStore {
  begin(): Step;
  /** @throws RejectError TEMPORARILY_UNAVAILABLE once the store has failed. */
  commit(step: Step): void;
  /**
   * Resolves once everything written so far is durable and the marker counts every signature in it.
   * @throws RejectError TEMPORARILY_UNAVAILABLE when the store has failed.
   */
  barrier(): Promise<void>;
  /**
   * Resolves once the store's identity is durable and its marker ready: nothing may be signed before.
   * @throws RejectError TEMPORARILY_UNAVAILABLE when the store has failed.
   */
  opened(): Promise<void>;
  /** @throws RejectError TEMPORARILY_UNAVAILABLE once the store has failed. */
  assertUsable(): void;
  failure(): Error | undefined;
  /** The head as the last step left it. */
  head(): Step['head'];
  /** Lines of the log up to here are durable: only they may be shown, since a crash could give later cursors anew. */
  durableCursor(): bigint;
  onEntry(listener: (entry: BulletinEntry) => void): () => void;
}

/** Nothing counts as durable, and nothing is signed, before `bound` has resolved. */
export function createDurableStore(kv: Kv, ledger: Ledger, bound: Promise<void>, gate: SigningGate): DurableStore {
  const listeners = new Set<(entry: BulletinEntry) => void>();
  let head = ledger.head();
  // What is in the store at the start has survived: nothing in it can be lost any more.
  let durableCursor = head.cursor;
  let unpublished: BulletinEntry[] = [];
  let failed: Error | undefined;
  const opened = bound.catch(fail);
  let written: Promise<void> = opened;

  function unavailable(): RejectError {
    const message = 'this validator has stopped, because its store failed';
    return new RejectError('TEMPORARILY_UNAVAILABLE', message, {}, { cause: failed });
  }

  function fail(error: unknown): void {
    failed ??= error instanceof Error ? error : new Error('the store failed', { cause: error });
  }

  function assertUsable(): void {
    if (failed) throw unavailable();
  }

  /** Batches become durable in order, so everything up to `cursor` is. */
  function publish(cursor: bigint): void {
    if (failed) return;
    if (cursor > durableCursor) durableCursor = cursor;
    const due = unpublished.filter((entry) => entry.cursor <= durableCursor);
    unpublished = unpublished.slice(due.length);
    for (const entry of due) for (const listener of listeners) tell(listener, entry);
  }

  /** In a turn of its own: what a listener throws must not look like a refusal to whoever asked for the step. */
  function tell(listener: (entry: BulletinEntry) => void, entry: BulletinEntry): void {
    void Promise.resolve().then(() => {
      if (listeners.has(listener)) listener(entry);
    });
  }

  function write(step: Step): Promise<void> {
    try {
      return kv.write(step.operations());
    } catch (error) {
      fail(error);
      throw unavailable();
    }
  }

  return {
    begin: () => beginStep(ledger, head),
    commit(step) {
      assertUsable();
      // Between the reads that a step was decided on and its write nothing may have been written.
      if (step.base !== head) throw new Error('a step was overtaken by another');
      const done = write(step);
      head = step.head;
      unpublished.push(...step.entries);
      const { cursor } = head;
      written = done.then(() => publish(cursor), fail);
    },
    async opened() {
      await opened;
      assertUsable();
    },
    async barrier() {
      assertUsable();
      const { signaturesRecorded } = head;
      await opened;
      await written;
      assertUsable();
      // The record first, then the marker, then the signature: so the marker is never ahead of the newest store.
      await gate.advance(signaturesRecorded).catch(fail);
      assertUsable();
    },
    assertUsable,
    failure: () => failed,
    head: () => head,
    durableCursor: () => durableCursor,
    onEntry(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
