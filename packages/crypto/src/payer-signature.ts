import { type Address, bytesOf, type Hash, RejectError } from '@fastpay/protocol';
import { addressOfPublicKey } from './address.ts';
import type { CryptoEngine } from './engine.ts';
import { parseTempoSignature, type TempoSignature } from './tempo-signature.ts';
import { webAuthnMessage } from './webauthn.ts';

/**
 * Whether `signature` is the one canonical Tempo signature encoding (§3) in which the account `expected` signed the
 * digest. Never true for anything that the TIP-1020 `recover` precompile refuses.
 */
export async function verifyPayerSignature(
  engine: CryptoEngine,
  digest: Hash,
  signature: Uint8Array,
  expected: Address,
): Promise<boolean> {
  const parsed = tryParse(signature);
  if (!parsed) return false;
  const digestBytes = bytesOf(digest);
  if (parsed.type === 'secp256k1') return engine.secp256k1Recover(digestBytes, parsed.signature) === expected;
  // The key is part of the signature; without this it would authenticate nobody.
  if (addressOfPublicKey(parsed.publicKey) !== expected) return false;
  const message =
    parsed.type === 'p256' ? digestBytes : webAuthnMessage(parsed.authenticatorData, parsed.clientData, digestBytes);
  return message !== undefined && (await engine.p256Verify(parsed.publicKey, message, parsed.signature));
}

function tryParse(signature: Uint8Array): TempoSignature | undefined {
  try {
    return parseTempoSignature(signature);
  } catch (error) {
    if (error instanceof RejectError) return undefined;
    throw error;
  }
}
