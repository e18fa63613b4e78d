import { ByteWriter, type Hash, type Slot } from '@fastpay/protocol';
import type { Deposit, SettlementObservation, SettlementReference } from '../validator.ts';
import {
  BLOCK_BYTES,
  readAccountId,
  readBlock,
  readName,
  readRow,
  readSettlement,
  readSlot,
  settlementBytes,
  writeBlock,
  writeSettlement,
} from './row.ts';

/** A line of the log as it is stored: certificates and deposits are named, not repeated. */
export type LogLine =
  | { readonly type: 'resolved'; readonly slot: Slot }
  | { readonly type: 'deposited'; readonly index: bigint }
  | {
      readonly type: 'settlement';
      readonly slot: Slot;
      readonly value: Hash;
      readonly stage: SettlementObservation['stage'];
      readonly settlement?: SettlementReference;
    };

const TYPES = ['resolved', 'deposited', 'settlement'] as const;
const STAGES = ['QUEUED_ONCHAIN', 'INCLUDED', 'FINALIZED'] as const;

/** type u8 ‖ fields. */
export function encodeLogLine(line: LogLine): Uint8Array {
  const type = TYPES.indexOf(line.type);
  switch (line.type) {
    case 'resolved':
      return new ByteWriter(49).u8(type).slot(line.slot).finish();
    case 'deposited':
      return new ByteWriter(9).u8(type).u64(line.index).finish();
    case 'settlement': {
      const { slot, value, stage, settlement } = line;
      const writer = new ByteWriter(82 + settlementBytes(settlement)).u8(type).slot(slot).hash(value);
      return writeSettlement(writer.u8(STAGES.indexOf(stage)), settlement).finish();
    }
  }
}

export function decodeLogLine(bytes: Uint8Array): LogLine {
  return readRow('a log line', bytes, (reader): LogLine => {
    const type = readName(reader, TYPES);
    switch (type) {
      case 'resolved':
        return { type, slot: readSlot(reader) };
      case 'deposited':
        return { type, index: reader.u64() };
      case 'settlement': {
        const slot = readSlot(reader);
        const value = reader.hash();
        const stage = readName(reader, STAGES);
        const settlement = readSettlement(reader);
        return { type, slot, value, stage, ...(settlement && { settlement }) };
      }
    }
  });
}

/** owner 20 ‖ asset 20 ‖ amount u64 ‖ block 48; the index is the key. */
export function encodeDeposit({ account, amount, block }: Deposit): Uint8Array {
  return writeBlock(new ByteWriter(48 + BLOCK_BYTES).account(account).u64(amount), block).finish();
}

export function decodeDeposit(index: bigint, bytes: Uint8Array): Deposit {
  return readRow('a deposit', bytes, (reader) => ({
    index,
    account: readAccountId(reader),
    amount: reader.u64(),
    block: readBlock(reader),
  }));
}
