import type { Marker, MarkerState } from './marker.ts';

/** A marker that lives as long as the process, as `createMemoryKv` does. For tests and demos. */
export function createMemoryMarker(): Marker {
  let state: MarkerState | undefined;
  return {
    read: () => state && copyOf(state),
    write(next) {
      state = copyOf(next);
      return Promise.resolve();
    },
  };
}

function copyOf(state: MarkerState): MarkerState {
  return { ...state, storeId: Uint8Array.from(state.storeId) };
}
