import { ByteWriter, committeeHash, domainSeparator, type Hash, type Network } from '@fastpay/protocol';
import type { Kv } from '@fastpay/storage';
import { StoreMismatchError } from '../errors.ts';
import { BEYOND_ALL_KEYS, bindingKey } from './keys.ts';
import { readRow } from './row.ts';

/** The layout of keys and rows; a store of another version is refused, never guessed at. */
const FORMAT_VERSION = 2;
export const STORE_ID_BYTES = 16;

interface Binding {
  readonly version: number;
  readonly separator: Hash;
  readonly committee: Hash;
  readonly signer: number;
  readonly storeId: Uint8Array;
}

/**
 * Binds a new store to its network and validator, or holds an old one against them.
 * @returns The store's identity, to which the cursors of its log belong (§9), and when that is durable.
 * @throws StoreMismatchError when the store was made for another network, committee or validator, or by another version.
 */
export function bindStore(
  kv: Kv,
  network: Network,
  signer: number,
  newStoreId: () => Uint8Array,
): { readonly storeId: Uint8Array; readonly bound: Promise<void> } {
  const wanted = {
    version: FORMAT_VERSION,
    separator: domainSeparator(network.domain),
    committee: committeeHash(network.committee),
    signer,
  };
  const bytes = kv.get(bindingKey);
  if (bytes) {
    const found = decodeBinding(bytes);
    assertSame(found, wanted);
    return { storeId: found.storeId, bound: Promise.resolve() };
  }
  for (const _entry of kv.range({ start: new Uint8Array(), end: BEYOND_ALL_KEYS, limit: 1 })) {
    throw new StoreMismatchError('the store holds data, but not that of a validator');
  }
  const storeId = newStoreId();
  if (storeId.length !== STORE_ID_BYTES) throw new RangeError(`a store id has ${STORE_ID_BYTES} bytes`);
  const value = encodeBinding({ ...wanted, storeId });
  return { storeId, bound: kv.write([{ type: 'put', key: bindingKey, value }]) };
}

function assertSame(found: Binding, wanted: Omit<Binding, 'storeId'>): void {
  const fail = (what: string): never => {
    throw new StoreMismatchError(`the store was made for another ${what}: it must not be used for this one`);
  };
  if (found.version !== wanted.version) fail(`version of the store (${found.version}, not ${wanted.version})`);
  if (found.separator !== wanted.separator) fail('network');
  if (found.committee !== wanted.committee) fail('committee');
  if (found.signer !== wanted.signer) fail(`validator (number ${found.signer}, not ${wanted.signer})`);
}

/** version u16 ‖ domain separator 32 ‖ committee hash 32 ‖ signer u8 ‖ store id 16. */
function encodeBinding({ version, separator, committee, signer, storeId }: Binding): Uint8Array {
  return new ByteWriter(67 + STORE_ID_BYTES)
    .u16(version)
    .hash(separator)
    .hash(committee)
    .u8(signer)
    .raw(storeId)
    .finish();
}

function decodeBinding(bytes: Uint8Array): Binding {
  return readRow('a binding', bytes, (reader) => ({
    version: reader.u16(),
    separator: reader.hash(),
    committee: reader.hash(),
    signer: reader.u8(),
    storeId: reader.raw(STORE_ID_BYTES),
  }));
}
