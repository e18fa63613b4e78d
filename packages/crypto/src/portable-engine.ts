import { verifyEd25519 } from './ed25519.ts';
import type { CryptoEngine } from './engine.ts';
import { verifyP256 } from './p256.ts';
import { recoverSecp256k1 } from './secp256k1.ts';

/** Pure JavaScript: runs everywhere, and is the reference that the faster engines are held against. */
export function createPortableEngine(): CryptoEngine {
  return { ed25519Verify: verifyEd25519, secp256k1Recover: recoverSecp256k1, p256Verify: verifyP256 };
}
