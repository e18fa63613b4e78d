import type { Kv } from '@fastpay/storage';
import { openLmdbKv, StoreLockedError } from '@fastpay/storage/lmdb';
import { UnavailableError } from '../process/unavailable-error.ts';

/**
 * Opens the durable store of a validator, made when absent.
 * @throws UnavailableError while another process works on it: two with the same keys and two views of the store could
 * sign two values for one slot.
 */
export async function openStore(directory: string): Promise<Kv> {
  try {
    return await openLmdbKv({ directory });
  } catch (error) {
    if (!(error instanceof StoreLockedError)) throw error;
    throw new UnavailableError(
      `dataDirectory ${directory}: another process works on it\n  → stop that one first; two must never share a store`,
      { cause: error },
    );
  }
}
