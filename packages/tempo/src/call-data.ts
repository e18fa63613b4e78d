import { type Address, bytesOf, concatBytes, type Hex, keccak256, toHex, unsignedBytes, utf8 } from '@fastpay/protocol';

/**
 * ABI calldata of a function whose parameters are all single words: its selector and each value in 32 bytes.
 * @param signature Like `transfer(address,uint256)`.
 * @param values An address, or a number that the caller has range-checked.
 */
export function callData(signature: string, values: readonly (Address | bigint)[]): Hex {
  const selector = keccak256(utf8(signature)).slice(0, 4);
  return toHex(concatBytes(selector, ...values.map(word)));
}

function word(value: Address | bigint): Uint8Array {
  return typeof value === 'bigint' ? unsignedBytes(value, 32) : concatBytes(new Uint8Array(12), bytesOf(value));
}
