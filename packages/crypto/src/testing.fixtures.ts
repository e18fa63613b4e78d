export * from './testing/answer-vectors.fixtures.ts';
