import {
  bytesOf,
  committeeHash,
  concatBytes,
  domainSeparator,
  equalBytes,
  type Network,
  unsignedBytes,
} from '@fastpay/protocol';
import type { Kv } from '@fastpay/storage';
import { StoreMismatchError } from '../errors.ts';
import { metaKey } from './keys.ts';

const STORE_VERSION = 1;
export const STORE_ID_BYTES = 16;

/**
 * Binds a new store to its network and validator, or checks that an old one belongs to them.
 * Layout: version u8 ‖ separator 32 ‖ committee hash 32 ‖ signer u8 ‖ store id 16.
 * @returns The store's identity: its log's cursors belong to it (§9).
 * @throws StoreMismatchError when the store was made for another network, committee or validator.
 */
export function bindStore(kv: Kv, network: Network, signer: number, newStoreId: () => Uint8Array): Uint8Array {
  const owner = concatBytes(
    Uint8Array.of(STORE_VERSION),
    bytesOf(domainSeparator(network.domain)),
    bytesOf(committeeHash(network.committee)),
    unsignedBytes(signer, 1),
  );
  const known = kv.get(metaKey);
  if (!known) {
    const storeId = newStoreId();
    if (storeId.length !== STORE_ID_BYTES) throw new Error(`a store id has ${STORE_ID_BYTES} bytes`);
    // Not waited for: every answer waits for a later batch, and batches become durable in order.
    void kv.write([{ type: 'put', key: metaKey, value: concatBytes(owner, storeId) }]);
    return storeId;
  }
  if (known[0] !== STORE_VERSION)
    throw new StoreMismatchError(`the store has version ${known[0]}, not ${STORE_VERSION}`);
  if (!equalBytes(known.subarray(0, owner.length), owner)) {
    throw new StoreMismatchError(
      'the store was made for another network, committee or validator; never sign with it for this one',
    );
  }
  return known.slice(owner.length);
}
