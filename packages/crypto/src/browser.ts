export * from './browser/engine.ts';
