import { concatBytes, utf8 } from '@fastpay/protocol';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { addressOfPublicKey } from '../address.ts';
import type { P256Case, RecoverCase } from './ecdsa-cases.fixtures.ts';
import { bigEndian, fromBigEndian, modulo } from './numbers.fixtures.ts';

/**
 * Every r with every s at the edges of their ranges. The right answer comes from the textbook equation over the
 * curve's points, never from a library's verification or recovery.
 */

interface Curve {
  readonly Point: typeof secp256k1.Point | typeof p256.Point;
}
type CurvePoint = InstanceType<typeof secp256k1.Point>;

const SECRET = 0x4242_4242_4242_4242_4242n;
const NONCE = 0x0fed_cba9_8765_4321_0fedn;
const TOP = (1n << 256n) - 1n;

/** r‖s‖v over digests at the edges: whose signature is it? */
export function recoverMatrix(): readonly RecoverCase[] {
  const { n, p } = secp256k1.Point.CURVE();
  const base = secp256k1.Point.BASE;
  const honestR = base.multiply(NONCE).x;
  const digests = { 'a hash': fromBigEndian(sha256(utf8('fastpay'))), zero: 0n, one: 1n, n, 'n + 1': n + 1n, top: TOP };
  const rs = { honest: honestR, 'of G': base.x, ...edgesOfR(secp256k1, n, p) };
  return Object.entries(digests).flatMap(([digestName, digest]) => {
    const honestS = modulo(secp256k1.Point.Fn.inv(NONCE) * (digest + honestR * SECRET), n);
    return Object.entries(rs).flatMap(([rName, r]) =>
      Object.entries(edgesOfS(honestS, n)).flatMap(([sName, s]) =>
        [0, 1, 2, 26, 27, 28, 29, 30, 255].map((v) => ({
          name: `digest ${digestName}, r ${rName}, s ${sName}, v ${v}`,
          digest: bigEndian(digest),
          signature: concatBytes(bigEndian(r), bigEndian(s), Uint8Array.of(v)),
          address: recovered(digest, r, s, v),
        })),
      ),
    );
  });
}

function recovered(digest: bigint, r: bigint, s: bigint, v: number): RecoverCase['address'] {
  const { n } = secp256k1.Point.CURVE();
  if (!isInRange(r, s, n) || (v !== 27 && v !== 28)) return undefined;
  const even = pointAt(secp256k1, r);
  if (!even) return undefined;
  const key = fittingKey(secp256k1, v === 27 ? even : even.negate(), digest, r, s);
  return key.is0() ? undefined : addressOfPublicKey(key.toBytes(false));
}

/** Keys made to fit r and s, so that a signature at the edge is a valid one, and the same keys where it is not. */
export function p256Matrix(message = utf8('fastpay')): readonly P256Case[] {
  const { n, p } = p256.Point.CURVE();
  const digest = fromBigEndian(sha256(message));
  const honestR = p256.Point.BASE.multiply(NONCE).x;
  const honestS = modulo(p256.Point.Fn.inv(NONCE) * (digest + honestR * SECRET), n);
  const rs = { honest: honestR, 'of G': p256.Point.BASE.x, ...edgesOfR(p256, n, p) };
  const fitting = Object.entries(rs).flatMap(([rName, r]) =>
    Object.entries(edgesOfS(honestS, n)).flatMap(([sName, s]) => {
      const signature = concatBytes(bigEndian(r), bigEndian(s));
      const key = r === 0n || r >= n || s % n === 0n ? undefined : keyFor(r, s, digest);
      const publicKey = (key ?? p256.Point.BASE.multiply(SECRET)).toBytes(false).subarray(1);
      const name = `r ${rName}, s ${sName}, ${key ? 'the key that fits' : 'any key'}`;
      return [{ name, publicKey, message, signature, valid: key !== undefined && isInRange(r, s, n) }];
    }),
  );
  return [...fitting, ...degenerate(message, digest, n)];
}

function keyFor(r: bigint, s: bigint, digest: bigint): CurvePoint | undefined {
  const commitment = pointAt(p256, r);
  if (!commitment) return undefined;
  const key = fittingKey(p256, commitment, digest, r, s);
  return key.is0() ? undefined : key;
}

/** Where the sum u₁G + u₂Q of a verification meets the point at infinity, or adds a point to itself. */
function degenerate(message: Uint8Array, digest: bigint, n: bigint): readonly P256Case[] {
  const inv = (value: bigint) => p256.Point.Fn.inv(value);
  const keyOf = (secret: bigint) => p256.Point.BASE.multiply(modulo(secret, n)).toBytes(false).subarray(1);
  const r = p256.Point.BASE.multiply(NONCE).x % n;
  const doubled = modulo(2n * digest * inv(NONCE), n);
  const low = doubled > n >> 1n ? n - doubled : doubled;
  return [
    {
      name: 'a sum at infinity',
      publicKey: keyOf(-digest * inv(r)),
      message,
      signature: concatBytes(bigEndian(r), bigEndian(5n)),
      valid: false,
    },
    {
      name: 'a sum of two equal points',
      publicKey: keyOf(digest * inv(r)),
      message,
      signature: concatBytes(bigEndian(r), bigEndian(low)),
      valid: true,
    },
  ];
}

function edgesOfR(curve: Curve, n: bigint, p: bigint): Record<string, bigint> {
  const onCurve = (from: bigint, step: bigint) => {
    for (let x = from; ; x += step) if (pointAt(curve, x)) return x;
  };
  const offCurve = (from: bigint) => {
    for (let x = from; ; x += 1n) if (!pointAt(curve, x)) return x;
  };
  return {
    zero: 0n,
    'the least x': onCurve(1n, 1n),
    'the least x of no point': offCurve(1n),
    'the largest x below n': onCurve(n - 1n, -1n),
    'n - 1': n - 1n,
    n,
    'n + 1': n + 1n,
    'the least x + n': onCurve(1n, 1n) + n,
    'p - 1': p - 1n,
    p,
    top: TOP,
  };
}

function edgesOfS(honest: bigint, n: bigint): Record<string, bigint> {
  const low = honest > n >> 1n ? n - honest : honest;
  return {
    low,
    high: n - low,
    zero: 0n,
    one: 1n,
    'n/2': n >> 1n,
    'n/2 + 1': (n >> 1n) + 1n,
    'n - 1': n - 1n,
    n,
    top: TOP,
  };
}

function isInRange(r: bigint, s: bigint, n: bigint): boolean {
  return r > 0n && r < n && s > 0n && s <= n >> 1n;
}

/** The point with this x and an even y, if there is one. */
function pointAt({ Point }: Curve, x: bigint): CurvePoint | undefined {
  if (x < 0n || x > TOP) return undefined;
  try {
    return Point.fromBytes(concatBytes(Uint8Array.of(2), bigEndian(x)));
  } catch {
    return undefined;
  }
}

/** r⁻¹(sR − zG), the one key under which (r, s) is a signature of z with this R. */
function fittingKey({ Point }: Curve, commitment: CurvePoint, digest: bigint, r: bigint, s: bigint): CurvePoint {
  const { n } = Point.CURVE();
  const inverse = Point.Fn.inv(r % n);
  const [u, w] = [modulo(s * inverse, n), modulo(digest * inverse, n)];
  const first = u === 0n ? Point.ZERO : commitment.multiply(u);
  return w === 0n ? first : first.subtract(Point.BASE.multiply(w));
}
