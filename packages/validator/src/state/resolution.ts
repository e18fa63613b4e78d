import {
  ByteWriter,
  type CommitCertificate,
  decodeCommitCertificate,
  encodeCertificate,
  type Hash,
} from '@fastpay/protocol';
import type { SettlementObservation, SettlementReference } from '../validator.ts';
import { readName, readRow, readSettlement, settlementBytes, writeSettlement } from './row.ts';

/** How a slot ended here: the certificate, and the cursor of the log line that says so. */
export interface Resolution {
  readonly cursor: bigint;
  readonly certificate: CommitCertificate;
}

/** cursor u64 ‖ certificate. */
export function encodeResolution({ cursor, certificate }: Resolution): Uint8Array {
  const bytes = encodeCertificate(certificate);
  return new ByteWriter(8 + bytes.length).u64(cursor).raw(bytes).finish();
}

export function decodeResolution(bytes: Uint8Array): Resolution {
  return readRow('a resolution', bytes, (reader) => ({
    cursor: reader.u64(),
    certificate: decodeCommitCertificate(reader.raw(bytes.length - 8)),
  }));
}

/** What the chain was seen to say about a slot; it may be seen before the certificate comes here. */
export interface Standing {
  readonly value: Hash;
  readonly stage: SettlementObservation['stage'];
  readonly settlement?: SettlementReference;
}

const STAGES = ['QUEUED_ONCHAIN', 'INCLUDED', 'FINALIZED'] as const;

/** value 32 ‖ stage u8 ‖ settlement. */
export function encodeStanding({ value, stage, settlement }: Standing): Uint8Array {
  const writer = new ByteWriter(33 + settlementBytes(settlement)).hash(value).u8(STAGES.indexOf(stage));
  return writeSettlement(writer, settlement).finish();
}

export function decodeStanding(bytes: Uint8Array): Standing {
  return readRow('a standing', bytes, (reader) => {
    const value = reader.hash();
    const stage = readName(reader, STAGES);
    const settlement = readSettlement(reader);
    return { value, stage, ...(settlement && { settlement }) };
  });
}
