import { concatBytes } from '@fastpay/protocol';
import { sha256 } from '@noble/hashes/sha2.js';

/**
 * WebAuthn assertions over a digest, read more strictly than TIP-1020 demands, so that nothing passes here that the
 * `recover` precompile could refuse (§3).
 */

/** rpIdHash 32 ‖ flags 1 ‖ signCount 4; extensions and attested credentials are refused, so never more. */
export const AUTHENTICATOR_DATA_BYTES = 37;
const FLAGS_OFFSET = 32;
const USER_PRESENT = 0x01;
const ATTESTED_CREDENTIAL = 0x40;
const EXTENSIONS = 0x80;

/** Shorter client data is refused by the precompile whatever it says. */
export const MIN_CLIENT_DATA_BYTES = 32;

/**
 * The message that the P-256 key signed (ECDSA hashes it with SHA-256 once more), or undefined unless the assertion
 * is well formed and made for exactly this digest.
 */
export function webAuthnMessage(
  authenticatorData: Uint8Array,
  clientData: Uint8Array,
  digest: Uint8Array,
): Uint8Array | undefined {
  if (!hasAcceptableFlags(authenticatorData)) return undefined;
  const fields = parseClientData(clientData);
  if (fields?.get('type') !== '"webauthn.get"') return undefined;
  if (fields.get('challenge') !== `"${base64Url(digest)}"`) return undefined;
  return assertionMessage(authenticatorData, clientData);
}

/** authenticatorData ‖ SHA-256(clientData): what an authenticator signs (WebAuthn §6.3.3). */
export function assertionMessage(authenticatorData: Uint8Array, clientData: Uint8Array): Uint8Array {
  return concatBytes(authenticatorData, sha256(clientData));
}

function hasAcceptableFlags(authenticatorData: Uint8Array): boolean {
  if (authenticatorData.length !== AUTHENTICATOR_DATA_BYTES) return false;
  const flags = authenticatorData[FLAGS_OFFSET] as number;
  return (flags & USER_PRESENT) !== 0 && (flags & (ATTESTED_CREDENTIAL | EXTENSIONS)) === 0;
}

const MEMBER = /"([^"]+)":("[^"]*"|true|false|null)/y;

/**
 * Reads the one shape of client data that every JSON parser agrees on, and that a search for `"challenge":"…"` reads
 * alike (early precompiles did that): printable ASCII without a backslash, one flat object of strings, booleans and
 * nulls, no space between tokens, no key twice. It is the shape that browsers write. Values stay as written.
 */
export function parseClientData(bytes: Uint8Array): ReadonlyMap<string, string> | undefined {
  const text = plainAscii(bytes);
  if (text === undefined || !text.startsWith('{') || !text.endsWith('}')) return undefined;
  const fields = new Map<string, string>();
  let position = 1;
  for (;;) {
    MEMBER.lastIndex = position;
    const match = MEMBER.exec(text);
    if (!match) return undefined;
    const [all, key, value] = match as unknown as [string, string, string];
    if (fields.has(key)) return undefined;
    fields.set(key, value);
    position += all.length;
    const next = text[position];
    if (next === ',') position += 1;
    else return next === '}' && position === text.length - 1 ? fields : undefined;
  }
}

function plainAscii(bytes: Uint8Array): string | undefined {
  let text = '';
  for (const byte of bytes) {
    if (byte < 0x20 || byte > 0x7e || byte === 0x5c) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Unpadded base64url (RFC 4648 §5). */
export function base64Url(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index;
    const group =
      ((bytes[index] as number) << 16) |
      ((left > 1 ? (bytes[index + 1] as number) : 0) << 8) |
      (left > 2 ? (bytes[index + 2] as number) : 0);
    text += ALPHABET.charAt(group >> 18) + ALPHABET.charAt((group >> 12) & 63);
    if (left > 1) text += ALPHABET.charAt((group >> 6) & 63);
    if (left > 2) text += ALPHABET.charAt(group & 63);
  }
  return text;
}
