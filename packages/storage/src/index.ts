export { type Entry, type Kv, MAX_KEY_BYTES, type Operation, type RangeOptions } from './kv.ts';
export type { Marker, MarkerState } from './marker.ts';
export { createMemoryKv } from './memory.ts';
export { createMemoryMarker } from './memory-marker.ts';
