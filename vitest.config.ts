import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{packages,apps}/*/{src,test}/**/*.test.{ts,tsx}',
      'relay/{src,test}/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    environment: 'node',
    // Native modules (lmdb, sodium, secp256k1) and child processes want a process of their own, not a thread.
    pool: 'forks',
    maxWorkers: 2,
    // Generous: a busy two-core machine is slow, and a time-out here is only there to end a test that hangs.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    allowOnly: false,
    retry: 0,
    restoreMocks: true,
  },
});
