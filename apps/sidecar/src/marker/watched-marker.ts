import type { Marker } from '@fastpay/storage';

export interface WatchedMarkerDependencies {
  /** Seconds until a state was durable. */
  readonly onWrite: (seconds: number) => void;
  /** The marker is broken: it MUST end the process, since no signature may leave that the marker does not count. */
  readonly onFailure: (error: unknown) => never;
  /** Milliseconds of a monotonic clock. */
  readonly nowMs: () => number;
}

/** The same marker, timed, and fatal where it fails. */
export function createWatchedMarker(marker: Marker, { onWrite, onFailure, nowMs }: WatchedMarkerDependencies): Marker {
  return {
    read: () => marker.read(),
    write(state) {
      const startedMs = nowMs();
      return marker.write(state).then(() => onWrite((nowMs() - startedMs) / 1_000), onFailure);
    },
  };
}
