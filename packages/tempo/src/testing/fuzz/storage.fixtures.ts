import { type Address, bytesOf, concatBytes, type Hex, toHex, unsignedBytes } from '@fastpay/protocol';

/** Where the reserve keeps the word of an account (contracts/Places.sol): kind u32 ‖ token u64 ‖ owner 20. */
export function accountWordSlot(asset: Address, owner: Address): Hex {
  const ACCOUNT = unsignedBytes(1, 4);
  return toHex(concatBytes(ACCOUNT, bytesOf(asset).slice(-8), bytesOf(owner)));
}
