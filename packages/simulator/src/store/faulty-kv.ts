import { Buffer } from 'node:buffer';
import type { Kv, Marker, MarkerState } from '@fastpay/storage';
import { type CrashableKv, createCrashableKv } from '@fastpay/storage/testing';
import type { Random } from '../random/random.ts';
import type { Scheduler } from '../time/scheduler.ts';

/** A validator's disk: batches become durable in order, after a while, and a crash cuts them off anywhere. */
export interface FaultyKv {
  /** The store for the process that runs now. */
  kv(): Kv;
  /** The marker beside it, as that process finds it. */
  marker(): Marker;
  /** Batches written by the present process, durable or not. */
  readonly written: number;
  /** Everything written survives a crash, and the marker stands. */
  readonly isDurable: boolean;
  /** The process dies; of the batches that were not durable, this share survives. */
  crash(share: number): { readonly lost: number; readonly survived: number };
  /** For so long, virtual milliseconds, nothing becomes durable. */
  stall(ms: number): void;
  /** Keeps what is durable as a backup. */
  backUp(): void;
  /**
   * Puts the backup in the place of the database, or nothing if there is none; the marker stays. Between two processes
   * only. Returns whether anything went with what it replaces.
   */
  putBack(): boolean;
  /** Whether what is durable now came about with these bytes being written: in a row that is there, or in an earlier one. */
  hasRecorded(bytes: Uint8Array): boolean;
}

export interface FaultyKvOptions {
  readonly name: string;
  /** Milliseconds that the disk takes at most. */
  readonly slownessMs: number;
  /** Called after each write of a living process. */
  onWrite(): void;
  /** Called whenever more has become durable. */
  onDurable(): void;
}

export function createFaultyKv(options: FaultyKvOptions, scheduler: Scheduler, random: Random): FaultyKv {
  let disk: CrashableKv = createCrashableKv();
  let written = 0;
  let stalledUntilMs = 0;
  let backup: ReturnType<CrashableKv['durable']> = [];
  let durableMarker: MarkerState | undefined;
  let pendingMarker: MarkerState | undefined;

  /** A file of its own: a write that is under way when the power goes has happened or not. */
  function openMarker(own: CrashableKv): Marker {
    return {
      read: () => durableMarker,
      write(state) {
        if (own !== disk) return new Promise(() => undefined);
        pendingMarker = { ...state, storeId: Uint8Array.from(state.storeId) };
        if (random.chance(0.7)) {
          durableMarker = pendingMarker;
          pendingMarker = undefined;
          options.onDurable();
          return Promise.resolve();
        }
        return new Promise((resolve) => {
          scheduler.after(random.below(3), `${options.name} marker`, () => {
            if (own !== disk) return;
            durableMarker = pendingMarker;
            pendingMarker = undefined;
            options.onDurable();
            resolve();
          });
        });
      },
    };
  }

  function open(own: CrashableKv): Kv {
    return {
      get: own.get,
      range: own.range,
      close: own.close,
      write(batch) {
        if (own !== disk) return own.write(batch);
        const durable = own.write(batch);
        written++;
        const ms = random.chance(0.2) ? options.slownessMs : random.below(4);
        scheduler.after(Math.max(ms, stalledUntilMs - scheduler.nowMs()), `${options.name} disk`, () => {
          // The oldest first, whichever write the disk was woken for.
          if (own !== disk) return;
          own.flush(1);
          options.onDurable();
        });
        options.onWrite();
        return durable;
      },
    };
  }

  return {
    kv: () => open(disk),
    marker: () => openMarker(disk),
    get written() {
      return written;
    },
    get isDurable() {
      return disk.pendingCount() === 0 && durableMarker !== undefined && pendingMarker === undefined;
    },
    crash(share) {
      const pending = disk.pendingCount();
      const survived = Math.round(pending * share);
      disk = disk.crash(survived);
      written = 0;
      if (pendingMarker && random.chance(0.5)) durableMarker = pendingMarker;
      pendingMarker = undefined;
      return { lost: pending - survived, survived };
    },
    stall(ms) {
      stalledUntilMs = scheduler.nowMs() + ms;
    },
    backUp() {
      // What is on its way to the disk may never get there.
      backup = disk.durable();
    },
    putBack() {
      // A crash cuts off the newest batches only, so the backup is always the beginning of what it replaces.
      const isOlder = backup.length < disk.writtenCount();
      disk = createCrashableKv(backup);
      return isOlder;
    },
    hasRecorded: (bytes) =>
      disk
        .durable()
        .some((batch) => batch.some((operation) => operation.type === 'put' && holds(operation.value, bytes))),
  };
}

function holds(value: Uint8Array, bytes: Uint8Array): boolean {
  return bufferOf(value).includes(bufferOf(bytes));
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
