export { type CrashableKv, createCrashableKv, dump } from './testing/crashable-kv.ts';
export { kvContract } from './testing/kv-contract.fixtures.ts';
export { markerContract, type OpenedMarker } from './testing/marker-contract.fixtures.ts';
