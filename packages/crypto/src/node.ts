export * from './node/engine.ts';
export * from './node/signers.ts';
