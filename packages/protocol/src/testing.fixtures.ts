export * from './testing/fuzz.fixtures.ts';
