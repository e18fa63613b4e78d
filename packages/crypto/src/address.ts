import { type Address, addressFromBytes, keccak256, RejectError } from '@fastpay/protocol';

/**
 * The Tempo account address of a public key on secp256k1 or P-256: the last 20 bytes of keccak256(x‖y). WebAuthn
 * keys are P-256 keys and derive alike.
 * @param publicKey x‖y (64 bytes), or 0x04‖x‖y (65 bytes).
 * @throws RejectError INVALID_FORMAT for any other shape.
 */
export function addressOfPublicKey(publicKey: Uint8Array): Address {
  if (publicKey.length === 64) return addressOfPoint(publicKey);
  if (publicKey.length === 65 && publicKey[0] === 4) return addressOfPoint(publicKey.subarray(1));
  throw new RejectError('INVALID_FORMAT', 'a public key is x‖y in 64 bytes, or the same after 0x04');
}

function addressOfPoint(point: Uint8Array): Address {
  return addressFromBytes(keccak256(point).subarray(12));
}
