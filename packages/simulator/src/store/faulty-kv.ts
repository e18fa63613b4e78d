import type { Kv, Marker, MarkerState, Operation } from '@fastpay/storage';
import { type CrashableKv, createCrashableKv, dump } from '@fastpay/storage/testing';
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
  /** Keeps what is stored as a backup, unless something is on its way to the disk. */
  backUp(): boolean;
  /** Puts the backup in the place of the database; the marker stays. Between two processes only. */
  putBack(): void;
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
  let backup: readonly Operation[] = [];
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
      // Of what is durable only: the rest may never have been.
      if (disk.pendingCount() > 0) return false;
      backup = dump(disk).map(([key, value]) => ({ type: 'put', key, value }));
      return true;
    },
    putBack() {
      disk = createCrashableKv();
      if (backup.length === 0) return;
      void disk.write(backup);
      disk.flush();
    },
  };
}
