import {
  type CommitCertificate,
  decodeCommitCertificate,
  decodeSignedOrder,
  encodeCertificate,
  encodeSignedOrder,
  type Hash,
  RejectError,
} from '@fastpay/protocol';
import type { ObservedStanding, StageTimes } from '../client.ts';
import { StoreError } from '../errors.ts';
import type { JournalEntry, NewJournalEntry } from './client-store.ts';

/** Rows as they lie in the database. Orders and certificates are kept as their canonical bytes, never re-encoded. */

export interface JournalRow {
  readonly transactionHash: Hash;
  readonly signedOrder: Uint8Array;
  readonly origin: NewJournalEntry['origin'];
  readonly createdAtMs: number;
  readonly state: JournalEntry['state'];
  readonly times: StageTimes;
}

export interface CertificateRow {
  readonly value: Hash;
  readonly certificate: Uint8Array;
}

export interface ClosureRow {
  /** Keys of the rows of its certificates, oldest first. */
  readonly certificateKeys: readonly string[];
  readonly complete: boolean;
}

export interface ActivityRow {
  readonly cursor: number;
  readonly transactionHash: Hash;
  readonly direction: 'sent' | 'received';
  readonly createdAtMs: number;
  /** Key of the row of the certificate that ends the payment's slot, once there is one. */
  readonly certificateKey: string;
  readonly observed?: ObservedStanding;
}

export function toJournalRow(entry: NewJournalEntry): JournalRow {
  const { transactionHash, origin, createdAtMs } = entry;
  const signedOrder = encodeSignedOrder(entry.signedOrder);
  return { transactionHash, signedOrder, origin, createdAtMs, state: 'open', times: {} };
}

/** @throws StoreError STORE_DAMAGED. */
export function fromJournalRow(row: JournalRow): JournalEntry {
  return { ...row, signedOrder: readStored(() => decodeSignedOrder(row.signedOrder)) };
}

export function toCertificateRow(certificate: CommitCertificate): CertificateRow {
  return { value: certificate.value, certificate: encodeCertificate(certificate) };
}

/** @throws StoreError STORE_DAMAGED. */
export function fromCertificateRow(row: CertificateRow): CommitCertificate {
  return readStored(() => decodeCommitCertificate(row.certificate));
}

function readStored<Value>(decode: () => Value): Value {
  try {
    return decode();
  } catch (error) {
    if (error instanceof RejectError) throw new StoreError('STORE_DAMAGED', { cause: error });
    throw error;
  }
}
