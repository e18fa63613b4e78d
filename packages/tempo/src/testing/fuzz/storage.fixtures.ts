import { type Address, bytesOf, concatBytes, type Hex, keccak256, toHex, unsignedBytes } from '@fastpay/protocol';

/** Where the reserve keeps the word of an account: `_records[asset][owner]`, its first variable. */
export function accountWordSlot(asset: Address, owner: Address): Hex {
  const RECORDS = unsignedBytes(0, 32);
  const ofAsset = keccak256(concatBytes(padded(asset), RECORDS));
  return toHex(keccak256(concatBytes(padded(owner), ofAsset)));
}

function padded(address: Address): Uint8Array {
  return concatBytes(new Uint8Array(12), bytesOf(address));
}
