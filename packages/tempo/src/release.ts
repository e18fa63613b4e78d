import type { Address, Hex } from '@fastpay/protocol';
import { callData } from './call-data.ts';

/** Calldata of the reserve's `release`: sends `recipient` what the token refused to send before. Anyone may call it. */
export function encodeRelease(asset: Address, recipient: Address): Hex {
  return callData('release(address,address)', [asset, recipient]);
}
