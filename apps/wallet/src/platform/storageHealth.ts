import type { StorageHealth } from './ports.ts';

/** Absent on insecure origins and in some private modes, whatever the types say. */
function manager(): StorageManager | undefined {
  return (navigator as { storage?: StorageManager }).storage;
}

export async function storageHealth(): Promise<StorageHealth> {
  const storage = manager();
  if (!storage) return { persisted: false };
  const [persisted, estimate] = await Promise.all([storage.persisted(), storage.estimate()]);
  return {
    persisted,
    ...(estimate.usage === undefined ? {} : { usageBytes: estimate.usage }),
    ...(estimate.quota === undefined ? {} : { quotaBytes: estimate.quota }),
  };
}

export async function persistStorage(): Promise<boolean> {
  return (await manager()?.persist()) ?? false;
}
