export type { Fate } from './simulated/pool.ts';
export type { SignatureVerdict } from './simulated/reserve-rules.ts';
export * from './simulated/simulated-chain.ts';
