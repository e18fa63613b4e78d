export * from './testing/fuzz.fixtures.ts';
export { hostileBytes } from './testing/mutate-bytes.fixtures.ts';
export { createRandom, type Random } from './testing/random.fixtures.ts';
