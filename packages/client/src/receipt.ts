import { type CryptoEngine, createVerificationContext, verifyCommitCertificate } from '@fastpay/crypto';
import {
  type CommitCertificate,
  concatBytes,
  decodeCommitCertificate,
  encodeCertificate,
  type Network,
  RejectError,
  unsignedBytes,
} from '@fastpay/protocol';
import { clientLimits } from './limits.ts';

const RECEIPT_VERSION = 1;

/**
 * A receipt as text: base64url of version u8 ‖ (length u16 ‖ commit certificate) each. The first certificate is the
 * payment's, the others are what it was funded with (§7 rule 6).
 */
export function encodeReceipt(certificates: readonly CommitCertificate[]): string {
  if (certificates.length === 0 || certificates.length > clientLimits.receiptCertificates) {
    throw new RangeError(`a receipt has 1 to ${clientLimits.receiptCertificates} certificates`);
  }
  const parts = certificates.map(encodeCertificate).flatMap((bytes) => [unsignedBytes(bytes.length, 2), bytes]);
  return toBase64Url(concatBytes(Uint8Array.of(RECEIPT_VERSION), ...parts));
}

/**
 * Reads a receipt and verifies every certificate in it, without asking anybody.
 * @throws RejectError INVALID_FORMAT, or INVALID_CERTIFICATE when it proves nothing on this network.
 */
export async function verifyReceipt(
  text: string,
  network: Network,
  engine: CryptoEngine,
): Promise<readonly CommitCertificate[]> {
  if (text.length > clientLimits.receiptLength) throw invalid('it is too long');
  const certificates = decodeReceipt(text.trim());
  const context = createVerificationContext(network, engine);
  for (const certificate of certificates) await verifyCommitCertificate(context, certificate);
  return certificates;
}

function decodeReceipt(text: string): readonly CommitCertificate[] {
  const bytes = fromBase64Url(text);
  if (toBase64Url(bytes) !== text) throw invalid('its last letter is another than it should be');
  if (bytes[0] !== RECEIPT_VERSION) throw invalid('its version is unknown');
  const certificates: CommitCertificate[] = [];
  for (let offset = 1; offset < bytes.length; ) {
    const start = offset + 2;
    const end = start + (bytes[offset] ?? 0) * 256 + (bytes[offset + 1] ?? 0);
    if (end > bytes.length) throw invalid('it ends too early');
    if (certificates.length === clientLimits.receiptCertificates) throw invalid('it holds too many certificates');
    certificates.push(decodeCommitCertificate(bytes.subarray(start, end)));
    offset = end;
  }
  if (certificates.length === 0) throw invalid('it holds no certificate');
  return certificates;
}

function toBase64Url(bytes: Uint8Array): string {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array {
  if (!/^[\w-]*$/.test(text)) throw invalid('it has characters that do not belong there');
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  } catch (error) {
    throw invalid('its length is wrong', error);
  }
}

function invalid(problem: string, cause?: unknown): RejectError {
  return new RejectError('INVALID_FORMAT', `this is no receipt that can be read: ${problem}`, {}, { cause });
}
