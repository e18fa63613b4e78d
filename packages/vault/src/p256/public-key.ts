/** SubjectPublicKeyInfo of an uncompressed P-256 point (RFC 5480): everything before x‖y. */
const SPKI_PREFIX = Uint8Array.from([
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
  0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
]);
const POINT_BYTES = 64;

/**
 * x‖y of a public key as WebCrypto and WebAuthn's `getPublicKey()` export it.
 * @throws RangeError for a key of any other kind.
 */
export function publicKeyFromSpki(spki: Uint8Array): Uint8Array {
  const isP256 =
    spki.length === SPKI_PREFIX.length + POINT_BYTES && SPKI_PREFIX.every((byte, index) => spki[index] === byte);
  if (!isP256) throw new RangeError('this is not a P-256 public key');
  return spki.slice(SPKI_PREFIX.length);
}
