import { ByteWriter, decodeCertificate, encodeCertificate, type Slot } from '@fastpay/protocol';
import type { SafetyAlarm } from '../validator.ts';
import { readName, readRow, readSettlement, settlementBytes, writeSettlement } from './row.ts';

const REASONS = ['conflictingCommits', 'conflictingQuorums', 'settledOtherwise', 'unsettledAtExit'] as const;

/** reason u8 ‖ settlement ‖ certificate count u8 ‖ (length u16 ‖ certificate) each; the slot is the key. */
export function encodeAlarm({ reason, certificates, settlement }: SafetyAlarm): Uint8Array {
  const encoded = certificates.map(encodeCertificate);
  const length = encoded.reduce((sum, bytes) => sum + 2 + bytes.length, 2 + settlementBytes(settlement));
  const writer = writeSettlement(new ByteWriter(length).u8(REASONS.indexOf(reason)), settlement);
  writer.u8(encoded.length);
  for (const bytes of encoded) writer.u16(bytes.length).raw(bytes);
  return writer.finish();
}

export function decodeAlarm(slot: Slot, bytes: Uint8Array): SafetyAlarm {
  return readRow('an alarm', bytes, (reader) => {
    const reason = readName(reader, REASONS);
    const settlement = readSettlement(reader);
    const certificates = Array.from({ length: reader.u8() }, () => decodeCertificate(reader.raw(reader.u16())));
    return { slot, reason, certificates, ...(settlement && { settlement }) };
  });
}
