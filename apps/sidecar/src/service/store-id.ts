import { equalBytes, RejectError } from '@fastpay/protocol';

/** A cursor means something in the store that assigned it only (§9). @throws RejectError INVALID_FORMAT. */
export function assertSameStore(given: Uint8Array, storeId: Uint8Array): void {
  if (given.length === 0 || equalBytes(given, storeId)) return;
  throw new RejectError(
    'INVALID_FORMAT',
    'store_id: the cursor belongs to another store; begin again at 0 without an id',
  );
}

/** 1 to `most`; 0 means `usual`. @throws RejectError INVALID_FORMAT. */
export function pageSize(limit: number, { most, usual }: { readonly most: number; readonly usual: number }): number {
  if (limit > most) throw new RejectError('INVALID_FORMAT', `limit: is at most ${most}`);
  return limit === 0 ? usual : limit;
}
