import type { MarkerState } from '@fastpay/storage';

/** Why a validator only observes (§5): its keys may have signed what its store does not know. */
export type ObservingReason =
  /** It had to observe before, and does so for ever. */
  | 'retired'
  /** The marker stands for another store: this one was made anew under keys that have signed before. */
  | 'storeReplaced'
  /** The store knows of fewer signatures than the marker: it was put back from a backup. */
  | 'storeRolledBack'
  /** The store has signed, and there is no marker to tell whether it is the newest. */
  | 'markerMissing';

/** Whether the store is the newest under its keys; undefined when it may sign. `recorded` counts its signatures. */
export function reasonToObserve(
  marker: MarkerState | undefined,
  storeId: Uint8Array,
  recorded: bigint,
): ObservingReason | undefined {
  if (!marker) return recorded > 0n ? 'markerMissing' : undefined;
  if (marker.isRetired) return 'retired';
  // A signature leaves only once the marker counts it: at 0 none ever has, and a new store may take over.
  if (!isBoundTo(marker, storeId)) return marker.count === 0n && recorded === 0n ? undefined : 'storeReplaced';
  // Records become durable before the marker moves, so the store of an honest past is never behind.
  return recorded < marker.count ? 'storeRolledBack' : undefined;
}

/** Whether the marker stands for the store of that identity. */
export function isBoundTo(marker: MarkerState, storeId: Uint8Array): boolean {
  return marker.storeId.length === storeId.length && marker.storeId.every((byte, at) => byte === storeId[at]);
}
