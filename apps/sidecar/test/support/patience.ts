import { vi } from 'vitest';

/** Tests that start processes wait for events, not for time; the limit is for a machine that is busy with others. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
