import { type ByteReader, ByteWriter, type Hash, type Slot } from '@fastpay/protocol';
import type { Deposit, ExitEvent, SettlementObservation, SettlementReference } from '../validator.ts';
import { EVIDENCE_TYPES, type EvidenceId } from './evidence-row.ts';
import {
  BLOCK_BYTES,
  readAccountId,
  readBlock,
  readI128,
  readName,
  readRow,
  readSettlement,
  readSlot,
  settlementBytes,
  writeBlock,
  writeI128,
  writeSettlement,
} from './row.ts';

/** A line of the log as it is stored: certificates and deposits are named, not repeated. */
export type LogLine =
  | { readonly type: 'resolved'; readonly slot: Slot }
  | { readonly type: 'deposited'; readonly index: bigint }
  | { readonly type: 'exit'; readonly exit: ExitEvent }
  | { readonly type: 'evidence'; readonly id: EvidenceId }
  | {
      readonly type: 'settlement';
      readonly slot: Slot;
      readonly value: Hash;
      readonly stage: SettlementObservation['stage'];
      readonly settlement?: SettlementReference;
    };

const TYPES = ['resolved', 'deposited', 'settlement', 'exit', 'evidence'] as const;
const EXITS = ['requested', 'cancelled', 'executed'] as const;
const STAGES = ['QUEUED_ONCHAIN', 'INCLUDED', 'FINALIZED'] as const;

/** type u8 ‖ fields. */
export function encodeLogLine(line: LogLine): Uint8Array {
  const type = TYPES.indexOf(line.type);
  switch (line.type) {
    case 'resolved':
      return new ByteWriter(49).u8(type).slot(line.slot).finish();
    case 'deposited':
      return new ByteWriter(9).u8(type).u64(line.index).finish();
    case 'exit': {
      const { exit } = line;
      const { account, block } = exit;
      const writer = new ByteWriter(2 + 40 + BLOCK_BYTES + 16).u8(type).u8(EXITS.indexOf(exit.type));
      return writeI128(writeBlock(writer.account(account), block), numberOf(exit)).finish();
    }
    case 'evidence': {
      const { signer, slot } = line.id;
      return new ByteWriter(51).u8(type).u8(EVIDENCE_TYPES.indexOf(line.id.type)).u8(signer).slot(slot).finish();
    }
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
      case 'exit':
        return { type, exit: readExit(reader) };
      case 'evidence':
        return { type, id: { type: readName(reader, EVIDENCE_TYPES), signer: reader.u8(), slot: readSlot(reader) } };
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

/** When it is ready, or how much left: one number is all that an exit says. */
function numberOf(exit: ExitEvent): bigint {
  switch (exit.type) {
    case 'requested':
      return exit.readyAt;
    case 'cancelled':
      return 0n;
    case 'executed':
      return exit.amount;
  }
}

function readExit(reader: ByteReader): ExitEvent {
  const type = readName(reader, EXITS);
  const account = readAccountId(reader);
  const block = readBlock(reader);
  const number = readI128(reader);
  switch (type) {
    case 'requested':
      return { type, account, readyAt: number, block };
    case 'cancelled':
      if (number !== 0n) throw new RangeError('a cancelled exit has no number');
      return { type, account, block };
    case 'executed':
      return { type, account, amount: number, block };
  }
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
