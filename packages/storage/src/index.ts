export { type Entry, type Kv, MAX_KEY_BYTES, type Operation, type RangeOptions } from './kv.ts';
export { createMemoryKv } from './memory.ts';
