import { type Address, concatBytes, fromHex, utf8 } from '@fastpay/protocol';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { addressOfPublicKey } from '../address.ts';
import { bigEndian, fromBigEndian, modulo } from './numbers.fixtures.ts';
import { signP256 } from './payers.fixtures.ts';

/** One question to `secp256k1Recover` and the one right answer. */
export interface RecoverCase {
  readonly name: string;
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
  readonly address: Address | undefined;
}

/** One question to `p256Verify` and the one right answer. */
export interface P256Case {
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly valid: boolean;
}

const K1_ORDER = secp256k1.Point.CURVE().n;
const K1_FIELD = secp256k1.Point.CURVE().p;
const KEY = fromHex('0x4242424242424242424242424242424242424242424242424242424242424242');
const DIGEST = fromHex('0xabababababababababababababababababababababababababababababababab');

/** RFC 6979 with SHA-256 on secp256k1 (the vectors that wallets share): key, text, r‖s. */
export const secp256k1Vectors = [
  {
    privateKey: `0x${'00'.repeat(31)}01`,
    text: 'Satoshi Nakamoto',
    signature:
      '0x934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d82442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5',
  },
  {
    privateKey: `0x${'00'.repeat(31)}01`,
    text: 'All those moments will be lost in time, like tears in rain. Time to die...',
    signature:
      '0x8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21',
  },
  {
    privateKey: '0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140',
    text: 'Satoshi Nakamoto',
    signature:
      '0xfd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d06b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5',
  },
] as const;

export function recoverCases(): readonly RecoverCase[] {
  const good = signK1(DIGEST);
  const address = addressOfPublicKey(secp256k1.getPublicKey(KEY, false));
  const refused = (name: string, signature: Uint8Array, digest = DIGEST): RecoverCase => ({
    name,
    digest,
    signature,
    address: undefined,
  });
  const parts = (r: bigint, s: bigint, v: number) => concatBytes(bigEndian(r), bigEndian(s), Uint8Array.of(v));
  const r = fromBigEndian(good.subarray(0, 32));
  const s = fromBigEndian(good.subarray(32, 64));
  const v = good[64] as number;
  return [
    { name: 'an ordinary signature', digest: DIGEST, signature: good, address },
    ...[0n, 1n, K1_ORDER - 1n, K1_ORDER, K1_ORDER + 5n, (1n << 256n) - 1n].map((value) => {
      const digest = bigEndian(value);
      return { name: `a signature of the digest ${value}`, digest, signature: signK1(digest), address };
    }),
    ...[0, 1, 2, 3, 4, 26, 29, 30, 31, 35, 36, 37, 38, 255].map((other) => refused(`v ${other}`, parts(r, s, other))),
    refused('high s with the parity that fits it', parts(r, K1_ORDER - s, 55 - v)),
    refused('s one above half the order', parts(r, (K1_ORDER >> 1n) + 1n, v)),
    refused('r of zero', parts(0n, s, v)),
    refused('s of zero', parts(r, 0n, v)),
    refused('r equal to the order', parts(K1_ORDER, s, v)),
    refused(
      'r above the order, an x coordinate',
      parts(K1_ORDER + r < 1n << 256n ? K1_ORDER + r : K1_ORDER + 1n, s, v),
    ),
    refused('r equal to the field prime', parts(K1_FIELD, s, v)),
    refused('r that is no x coordinate', parts(noCoordinateOfK1(), s, v)),
    refused('the key at infinity', infinityK1(), bigEndian(1n)),
    refused('all zeros', new Uint8Array(65)),
    refused('all ones', new Uint8Array(65).fill(0xff)),
    refused('nothing', new Uint8Array(0)),
    refused('64 bytes', good.subarray(0, 64)),
    refused('66 bytes', concatBytes(good, Uint8Array.of(0))),
    refused('a digest of 31 bytes', good, DIGEST.subarray(1)),
    refused('a digest of 33 bytes', good, concatBytes(DIGEST, Uint8Array.of(0))),
    refused('an empty digest', good, new Uint8Array(0)),
  ];
}

/** r‖s‖v with v 27 or 28. */
function signK1(digest: Uint8Array): Uint8Array {
  const signed = secp256k1.sign(digest, KEY, { prehash: false, lowS: true, format: 'recovered' });
  return concatBytes(signed.subarray(1), Uint8Array.of(27 + (signed[0] as number)));
}

function noCoordinateOfK1(): bigint {
  for (let x = 1n; ; x++) {
    try {
      secp256k1.Point.fromBytes(concatBytes(Uint8Array.of(2), bigEndian(x)));
    } catch {
      return x;
    }
  }
}

/** R = G, s = z = 1: the recovered key is r⁻¹(sR − zG), the point at infinity. */
function infinityK1(): Uint8Array {
  const { x, y } = secp256k1.Point.BASE.toAffine();
  return concatBytes(bigEndian(x), bigEndian(1n), Uint8Array.of(27 + Number(y & 1n)));
}

const R1_ORDER = p256.Point.CURVE().n;
const R1_FIELD = p256.Point.CURVE().p;
const MESSAGE = utf8('fastpay');

/** RFC 6979 §A.2.5, P-256 with SHA-256; the s of "sample" is above half the order there. */
export const p256Vectors = [
  {
    text: 'sample',
    r: '0xefd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716',
    s: '0xf7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
  },
  {
    text: 'test',
    r: '0xf1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367',
    s: '0x019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083',
  },
] as const;
const RFC_KEY = fromHex('0xc9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721');

export function p256Cases(): readonly P256Case[] {
  const rfcKey = p256.getPublicKey(RFC_KEY, false).subarray(1);
  const rfc = p256Vectors.flatMap(({ text, r, s }) => {
    const [low, high] = [fromBigEndian(fromHex(s)), R1_ORDER - fromBigEndian(fromHex(s))].sort((a, b) =>
      a < b ? -1 : 1,
    );
    return [low, high].map((value, index) => ({
      name: `RFC 6979 "${text}" with ${index === 0 ? 'low' : 'high'} s`,
      publicKey: rfcKey,
      message: utf8(text),
      signature: concatBytes(fromHex(r), bigEndian(value as bigint)),
      valid: index === 0,
    }));
  });
  return [
    ...rfc,
    ...p256ScalarCases(),
    ...p256KeyCases(),
    { name: 'R with an x coordinate above the order', message: MESSAGE, ...wrappedCommitment(MESSAGE), valid: true },
  ];
}

function p256ScalarCases(): P256Case[] {
  const publicKey = p256.getPublicKey(KEY, false).subarray(1);
  const signature = signP256(KEY, MESSAGE);
  const r = fromBigEndian(signature.subarray(0, 32));
  const s = fromBigEndian(signature.subarray(32));
  const refused = (name: string, bytes: Uint8Array): P256Case => ({
    name,
    publicKey,
    message: MESSAGE,
    signature: bytes,
    valid: false,
  });
  const parts = (first: bigint, second: bigint) => concatBytes(bigEndian(first), bigEndian(second));
  return [
    { name: 'an ordinary signature', publicKey, message: MESSAGE, signature, valid: true },
    {
      name: 'a signature of the empty message',
      publicKey,
      message: new Uint8Array(0),
      signature: signP256(KEY, new Uint8Array(0)),
      valid: true,
    },
    { name: 'a signature of another message', publicKey, message: utf8('fastpaz'), signature, valid: false },
    refused('r of zero', parts(0n, s)),
    refused('s of zero', parts(r, 0n)),
    refused('r equal to the order', parts(R1_ORDER, s)),
    refused('s equal to the order', parts(r, R1_ORDER)),
    refused('s one above half the order', parts(r, (R1_ORDER >> 1n) + 1n)),
    refused('r + n', parts(r + R1_ORDER < 1n << 256n ? r + R1_ORDER : R1_ORDER + 1n, s)),
    refused('all zeros', new Uint8Array(64)),
    refused('all ones', new Uint8Array(64).fill(0xff)),
    refused('nothing', new Uint8Array(0)),
    refused('63 bytes', signature.subarray(1)),
    refused('65 bytes', concatBytes(signature, Uint8Array.of(0))),
    refused('DER', p256.Signature.fromBytes(signature).toBytes('der')),
  ];
}

function p256KeyCases(): P256Case[] {
  const publicKey = p256.getPublicKey(KEY, false).subarray(1);
  const signature = signP256(KEY, MESSAGE);
  const refused = (name: string, key: Uint8Array): P256Case => ({
    name,
    publicKey: key,
    message: MESSAGE,
    signature,
    valid: false,
  });
  const x = fromBigEndian(publicKey.subarray(0, 32));
  const y = fromBigEndian(publicKey.subarray(32));
  const point = (first: bigint, second: bigint) => concatBytes(bigEndian(first), bigEndian(second));
  return [
    refused('another key', p256.getPublicKey(RFC_KEY, false).subarray(1)),
    refused('the mirrored key', point(x, R1_FIELD - y)),
    refused('a key off the curve', point(x, y ^ 1n)),
    refused('a key of zeros', new Uint8Array(64)),
    refused('a key of ones', new Uint8Array(64).fill(0xff)),
    refused('a key with x equal to the field prime', point(R1_FIELD, y)),
    refused('a key with x beyond the field prime that reduces to a point', reducingKey()),
    refused('a key of secp256k1', secp256k1.getPublicKey(KEY, false).subarray(1)),
    refused('an uncompressed key with its prefix', p256.getPublicKey(KEY, false)),
    refused('a compressed key', p256.getPublicKey(KEY, true)),
    refused('a key without its last byte', publicKey.subarray(0, 63)),
    refused('no key', new Uint8Array(0)),
  ];
}

/** A point whose x is small enough that x + p still has 256 bits. */
function reducingKey(): Uint8Array {
  for (let x = 1n; ; x++) {
    try {
      const { y } = p256.Point.fromBytes(concatBytes(Uint8Array.of(2), bigEndian(x))).toAffine();
      return concatBytes(bigEndian(x + R1_FIELD), bigEndian(y));
    } catch {
      // No point has this x; the next one may.
    }
  }
}

/**
 * A valid signature whose R has an x coordinate above the group order, so that r is x − n. Nobody knows the key's
 * secret: it is computed from the signature, Q = r⁻¹(sR − zG).
 */
export function wrappedCommitment(message: Uint8Array): Pick<P256Case, 'publicKey' | 'signature'> {
  for (let r = 1n; ; r++) {
    const commitment = tryPoint(r + R1_ORDER);
    if (!commitment) continue;
    const s = 0x1234_5678n;
    const z = modulo(fromBigEndian(sha256(message)), R1_ORDER);
    const inverse = p256.Point.Fn.inv(r);
    const key = commitment
      .multiply(modulo(s * inverse, R1_ORDER))
      .subtract(p256.Point.BASE.multiply(modulo(z * inverse, R1_ORDER)));
    return { publicKey: key.toBytes(false).subarray(1), signature: concatBytes(bigEndian(r), bigEndian(s)) };
  }
}

function tryPoint(x: bigint) {
  try {
    return p256.Point.fromBytes(concatBytes(Uint8Array.of(2), bigEndian(x)));
  } catch {
    return undefined;
  }
}
