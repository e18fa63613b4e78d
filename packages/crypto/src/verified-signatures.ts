import { equalBytes } from '@fastpay/protocol';
import { binaryKey, createBoundedCache } from './bounded-cache.ts';

/**
 * Signatures that passed before, so that one that comes again costs no curve work. It answers for exactly the signer,
 * message and signature that were added; a signature seen with anything else is unknown.
 */
export interface VerifiedSignatures {
  has(signer: string, message: Uint8Array, signature: Uint8Array): boolean;
  /** `message` and `signature` must not change any more. */
  add(signer: string, message: Uint8Array, signature: Uint8Array): void;
}

/** `limit` is the number of signatures kept; the oldest are forgotten. */
export function createVerifiedSignatures(limit: number): VerifiedSignatures {
  // Keyed by the signature alone: short keys, and no honest signature serves two messages.
  const entries = createBoundedCache<string, { readonly signer: string; readonly message: Uint8Array }>(limit);
  return {
    has(signer, message, signature) {
      const entry = entries.get(binaryKey(signature));
      return entry !== undefined && entry.signer === signer && equalBytes(entry.message, message);
    },
    add(signer, message, signature) {
      entries.set(binaryKey(signature), { signer, message });
    },
  };
}
