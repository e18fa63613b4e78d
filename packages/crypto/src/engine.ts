import type { Address, Hash } from '@fastpay/protocol';

export type Awaitable<Value> = Value | Promise<Value>;

/**
 * The primitive checks that differ in speed between runtimes. Every engine MUST give the same answer on every
 * input, hostile ones included; wrong lengths are `false` or `undefined`, never an exception.
 */
export interface CryptoEngine {
  /** Strict Ed25519 (protocol §4): canonical s, A and R, no small or mixed order keys, cofactorless equation. */
  ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Awaitable<boolean>;
  /** Address that signed the 32-byte digest; `signature` is r‖s‖v with low s and v 27 or 28. */
  secp256k1Recover(digest: Uint8Array, signature: Uint8Array): Address | undefined;
  /** ECDSA over SHA-256(message) on P-256; `publicKey` is x‖y, `signature` r‖s with low s. */
  p256Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Awaitable<boolean>;
}

/** A validator's Ed25519 voting key (§2). */
export interface VotingSigner {
  readonly publicKey: Hash;
  sign(message: Uint8Array): Awaitable<Uint8Array>;
}

/** A secp256k1 key: a validator's settlement key, or the key of an account. Deterministic, low s (RFC 6979). */
export interface Secp256k1Signer {
  readonly address: Address;
  /** 65 bytes r‖s‖v, v 27 or 28. */
  sign(digest: Hash): Awaitable<Uint8Array>;
}

/** Whatever signs for an account: a Tempo signature over a digest (§3). */
export interface PayerSigner {
  readonly address: Address;
  sign(digest: Hash): Awaitable<Uint8Array>;
}
