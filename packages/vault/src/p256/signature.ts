import { concatBytes } from '@fastpay/protocol';

/** ECDSA signatures on P-256 as keystores make them, brought into the one form that the chain takes: r‖s, low s (§3). */

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const SCALAR_BYTES = 32;

/**
 * The same signature with low s: keystores give either of the two that are valid.
 * @param signature r‖s, 64 bytes, as WebCrypto gives it.
 */
export function withLowS(signature: Uint8Array): Uint8Array {
  if (signature.length !== 2 * SCALAR_BYTES) throw new RangeError('a P-256 signature is r‖s in 64 bytes');
  const s = toNumber(signature.subarray(SCALAR_BYTES));
  if (s <= ORDER / 2n) return Uint8Array.from(signature);
  return concatBytes(signature.subarray(0, SCALAR_BYTES), toScalar(ORDER - s));
}

/**
 * r‖s of a DER signature (RFC 3279 §2.2.3: SEQUENCE of two INTEGERs), as authenticators give it (WebAuthn §6.5.5).
 * @throws RangeError for anything else.
 */
export function signatureFromDer(der: Uint8Array): Uint8Array {
  const body = element(der, 0, 0x30);
  if (body.end !== der.length) throw malformed();
  const r = element(der, body.start, 0x02);
  const s = element(der, r.end, 0x02);
  if (s.end !== der.length) throw malformed();
  return concatBytes(integer(der.subarray(r.start, r.end)), integer(der.subarray(s.start, s.end)));
}

interface Element {
  readonly start: number;
  readonly end: number;
}

/** An element with a length in one byte, which all of these have. */
function element(der: Uint8Array, at: number, tag: number): Element {
  const length = der[at + 1];
  if (der[at] !== tag || length === undefined || length > 0x7f || at + 2 + length > der.length) throw malformed();
  return { start: at + 2, end: at + 2 + length };
}

/** A positive INTEGER in 32 bytes. */
function integer(bytes: Uint8Array): Uint8Array {
  const [first = 0xff] = bytes;
  if (first > 0x7f) throw malformed();
  const digits = first === 0 ? bytes.subarray(1) : bytes;
  if (digits.length > SCALAR_BYTES) throw malformed();
  const scalar = new Uint8Array(SCALAR_BYTES);
  scalar.set(digits, SCALAR_BYTES - digits.length);
  return scalar;
}

function malformed(): RangeError {
  return new RangeError('this is not the DER of an ECDSA signature on P-256');
}

function toNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function toScalar(value: bigint): Uint8Array {
  return Uint8Array.from({ length: SCALAR_BYTES }, (_, index) =>
    Number((value >> BigInt(8 * (SCALAR_BYTES - 1 - index))) & 0xffn),
  );
}
