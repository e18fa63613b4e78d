import { concatBytes, utf8 } from '@fastpay/protocol';
import { Point } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import '../ed25519.ts';
import type { Ed25519Case } from './ed25519-cases.fixtures.ts';
import { fromLittleEndian, littleEndian, modulo } from './numbers.fixtures.ts';

/**
 * Every kind of key with every kind of commitment. A point here is `n B + t T`: a multiple of the base point and one
 * of the eight points of small order. The message is ground until the small-order parts cancel wherever they can, so
 * that only the rules of §4 stand between a lenient verifier and the signature.
 */
export interface Ed25519MatrixCase extends Ed25519Case {
  /** Which equation holds: [s]B = R + [k]A, only its multiple by 8, or neither. */
  readonly equation: 'cofactorless' | 'cofactored' | 'none';
}

interface Part {
  readonly name: string;
  /** The multiple of the base point; 0 for a point of small order. */
  readonly scalar: bigint;
  /** The multiple of T. */
  readonly torsion: number;
  readonly encoding: Uint8Array;
  readonly canonical: boolean;
}

const { n: ORDER, p: FIELD } = Point.CURVE();
const SIGN_BIT = 1n << 255n;
const SECRET = 0x1234_5678_9abc_def0n;
const NONCE = 0x0fed_cba9_8765_4321n;
/** A generator of the eight points whose order divides 8. */
const TORSION = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa');
const torsionPoints = Array.from({ length: 8 }, (_, index) =>
  index === 0 ? Point.ZERO : TORSION.multiply(BigInt(index), false),
);

export function ed25519Matrix(): readonly Ed25519MatrixCase[] {
  const keys = parts(SECRET);
  const commitments = parts(NONCE);
  return keys.flatMap((key) => commitments.flatMap((commitment) => casesOf(key, commitment)));
}

/** The honest point, its sums with small-order points, and those points alone in every encoding. */
function parts(scalar: bigint): readonly Part[] {
  return torsionPoints.flatMap((point, torsion) => {
    const sum = Point.BASE.multiply(scalar).add(point);
    const small = encodings(point).map(({ encoding, canonical }, form) => ({
      name: `${torsion}T${canonical ? '' : `, encoding ${form}`}`,
      scalar: 0n,
      torsion,
      encoding,
      canonical,
    }));
    const name = torsion === 0 ? 'honest' : `honest + ${torsion}T`;
    return [{ name, scalar, torsion, encoding: sum.toBytes(), canonical: true }, ...small];
  });
}

function casesOf(key: Part, commitment: Part): readonly Ed25519MatrixCase[] {
  const { message, challenge } = ground(key, commitment);
  const s = modulo(commitment.scalar + challenge * key.scalar, ORDER);
  const cancels = (commitment.torsion + Number(challenge % 8n) * key.torsion) % 8 === 0;
  const name = `A ${key.name}, R ${commitment.name}`;
  const body = { publicKey: key.encoding, message };
  const isGood = key.torsion === 0 && key.scalar !== 0n && commitment.torsion === 0 && commitment.scalar !== 0n;
  const signature = (scalar: bigint) => concatBytes(commitment.encoding, littleEndian(scalar));
  const equation = cancels ? ('cofactorless' as const) : ('cofactored' as const);
  const wrong = modulo(s + 1n, ORDER);
  return [
    { name, ...body, signature: signature(s), equation, valid: isGood },
    { name: `${name}, s + L`, ...body, signature: signature(s + ORDER), equation, valid: false },
    { name: `${name}, s + 1`, ...body, signature: signature(wrong), equation: 'none', valid: false },
  ];
}

/** Tries messages until R + [k]A has no small-order part left; 64 tries miss only where no k can do it. */
function ground(key: Part, commitment: Part): { readonly message: Uint8Array; readonly challenge: bigint } {
  for (let attempt = 0; ; attempt++) {
    const message = utf8(`fastpay ${attempt}`);
    const hash = sha512(concatBytes(commitment.encoding, key.encoding, message));
    const wide = fromLittleEndian(hash.subarray(0, 32)) + (fromLittleEndian(hash.subarray(32)) << 256n);
    const challenge = wide % ORDER;
    const rest = (commitment.torsion + Number(challenge % 8n) * key.torsion) % 8;
    if (rest === 0 || attempt === 64) return { message, challenge };
  }
}

/** The canonical encoding of a point and every other encoding that a lenient decoder takes for it. */
export function encodings(point: Point): readonly { readonly encoding: Uint8Array; readonly canonical: boolean }[] {
  const { x, y } = point.toAffine();
  const sign = x & 1n ? SIGN_BIT : 0n;
  const others: bigint[] = [];
  if (y < 19n) others.push(y + FIELD + sign);
  if (x === 0n) others.push(y + SIGN_BIT);
  if (x === 0n && y < 19n) others.push(y + FIELD + SIGN_BIT);
  return [
    { encoding: point.toBytes(), canonical: true },
    ...others.map((value) => ({ encoding: littleEndian(value), canonical: false })),
  ];
}
