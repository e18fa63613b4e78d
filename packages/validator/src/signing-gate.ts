import { RejectError } from '@fastpay/protocol';
import type { Marker } from '@fastpay/storage';
import { isBoundTo, type ObservingReason, reasonToObserve } from './rules/marker.ts';

/** Lets signatures out only of the newest store under its keys (docs/adr/011-signing-marker.md). */
export interface SigningGate {
  /** Undefined while signing is allowed; decided once, when the store is opened. */
  readonly reason: ObservingReason | undefined;
  /** @throws RejectError TEMPORARILY_UNAVAILABLE when this validator only observes. */
  assertSigning(): void;
  /**
   * Resolves once the marker durably stands at `count` or above. Callers share writes: those who come while one is
   * under way wait for the one after it.
   */
  advance(count: bigint): Promise<void>;
  /**
   * Resolves once the marker stands for a store that may sign, or a store that may not has retired it. No signature may
   * be recorded before: a crash would leave a store that has signed, without a marker.
   */
  readonly settled: Promise<void>;
}

/** `bound` resolves once the store's identity is durable: only then may the marker stand for it. */
export function openSigningGate(
  marker: Marker,
  { storeId, bound }: { readonly storeId: Uint8Array; readonly bound: Promise<void> },
  recorded: bigint,
): SigningGate {
  const found = marker.read();
  const reason = reasonToObserve(found, storeId, recorded);
  let reached = found && !reason && isBoundTo(found, storeId) ? found.count : 0n;
  let wanted = reached;
  let writing: Promise<void> | undefined;

  async function write(): Promise<void> {
    const count = wanted;
    await marker.write({ storeId, count, isRetired: false });
    reached = count;
    writing = undefined;
  }

  /** Before the first signature, so that a crash right after its record is not taken for a lost marker. */
  async function settle(): Promise<void> {
    if (reason === 'retired') return;
    if (reason) return retire(marker, storeId);
    if (found && isBoundTo(found, storeId)) return;
    await bound;
    await marker.write({ storeId, count: 0n, isRetired: false });
  }

  return {
    reason,
    assertSigning() {
      if (!reason) return;
      throw new RejectError(
        'TEMPORARILY_UNAVAILABLE',
        'this validator only observes, because its store was lost or put back: nothing of it counts any more, ask others',
      );
    },
    async advance(count) {
      if (reason) return;
      if (count > wanted) wanted = count;
      while (reached < count) {
        writing ??= write();
        await writing;
      }
    },
    settled: settle(),
  };
}

/** The higher count of the two stores stays on record, for people. */
async function retire(marker: Marker, storeId: Uint8Array): Promise<void> {
  const { storeId: known, count } = marker.read() ?? { storeId, count: 0n };
  await marker.write({ storeId: known, count, isRetired: true });
}
