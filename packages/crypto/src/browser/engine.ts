import { fromHex } from '@fastpay/protocol';
import { binaryKey, createBoundedCache } from '../bounded-cache.ts';
import { isValidVotingKey, isWellFormedEd25519Signature, verifyEd25519 } from '../ed25519.ts';
import type { CryptoEngine } from '../engine.ts';
import { cryptoLimits } from '../limits.ts';
import { isWellFormedP256, P256_BASE_POINT, uncompressedPoint, verifyP256 } from '../p256.ts';
import { recoverSecp256k1 } from '../secp256k1.ts';

const ED25519 = { name: 'Ed25519' } as const;
const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const P256_VERIFY = { name: 'ECDSA', hash: 'SHA-256' } as const;

/**
 * WebCrypto where the browser has it, pure JavaScript where not (an insecure origin, or no Ed25519). Browsers differ
 * on hostile keys, so keys are checked here before WebCrypto sees them.
 */
export async function createBrowserEngine(subtle: SubtleCrypto | null = webCrypto()): Promise<CryptoEngine> {
  const [ed25519, p256] = await Promise.all([subtle && hasEd25519(subtle), subtle && hasP256(subtle)]);
  return {
    ed25519Verify: subtle && ed25519 ? createEd25519Verify(subtle) : verifyEd25519,
    secp256k1Recover: recoverSecp256k1,
    p256Verify: subtle && p256 ? createP256Verify(subtle) : verifyP256,
  };
}

/** Absent on insecure origins, whatever the types say. */
function webCrypto(): SubtleCrypto | null {
  return (globalThis.crypto as Partial<Crypto> | undefined)?.subtle ?? null;
}

function createEd25519Verify(subtle: SubtleCrypto): CryptoEngine['ed25519Verify'] {
  const importKey = createKeyImport(cryptoLimits.checkedVotingKeys, (publicKey) =>
    subtle.importKey('raw', publicKey, ED25519, false, ['verify']),
  );
  return (publicKey, message, signature) => {
    if (!isWellFormedEd25519Signature(signature) || !isValidVotingKey(publicKey)) return false;
    return importKey(publicKey).then((key) => subtle.verify(ED25519, key, source(signature), source(message)));
  };
}

function createP256Verify(subtle: SubtleCrypto): CryptoEngine['p256Verify'] {
  const importKey = createKeyImport(cryptoLimits.importedPayerKeys, (publicKey) =>
    subtle.importKey('raw', uncompressedPoint(publicKey), P256, false, ['verify']).catch(notAPoint),
  );
  return async (publicKey, message, signature) => {
    if (!isWellFormedP256(publicKey, signature)) return false;
    const key = await importKey(publicKey);
    return key !== null && subtle.verify(P256_VERIFY, key, source(signature), source(message));
  };
}

/** Importing costs more than a third of a verification, so keys are kept. */
function createKeyImport<Key>(
  limit: number,
  importKey: (publicKey: Uint8Array<ArrayBuffer>) => Promise<Key>,
): (publicKey: Uint8Array) => Promise<Key> {
  const imported = createBoundedCache<string, Key>(limit);
  return async (publicKey) => {
    const cacheKey = binaryKey(publicKey);
    const known = imported.get(cacheKey);
    if (known !== undefined) return known;
    const key = await importKey(source(publicKey));
    imported.set(cacheKey, key);
    return key;
  };
}

/** DataError is how WebCrypto says that the bytes are no point of the curve; anything else is a real failure. */
function notAPoint(error: unknown): null {
  if (error instanceof DOMException && error.name === 'DataError') return null;
  throw error;
}

/** WebCrypto takes no views of shared memory; ours never are. */
function source(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : Uint8Array.from(bytes);
}

/** Whether this WebCrypto verifies Ed25519: RFC 8032 §7.1 test 1, the signature of the empty message. */
function hasEd25519(subtle: SubtleCrypto): Promise<boolean> {
  const publicKey = fromHex('0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  const signature = fromHex(
    '0xe5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  );
  return works(async () => {
    const key = await subtle.importKey('raw', source(publicKey), ED25519, false, ['verify']);
    return subtle.verify(ED25519, key, source(signature), new Uint8Array(0));
  });
}

function hasP256(subtle: SubtleCrypto): Promise<boolean> {
  return works(async () => {
    const key = await subtle.importKey('raw', P256_BASE_POINT, P256, false, ['verify']);
    return !(await subtle.verify(P256_VERIFY, key, new Uint8Array(64), new Uint8Array(0)));
  });
}

/** A browser without the scheme says so by throwing, each in its own words. */
async function works(probe: () => Promise<boolean>): Promise<boolean> {
  try {
    return await probe();
  } catch {
    return false;
  }
}
