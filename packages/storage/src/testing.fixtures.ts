export { type CrashableKv, createCrashableKv, dump } from './testing/crashable-kv.ts';
export { kvContract } from './testing/kv-contract.fixtures.ts';
