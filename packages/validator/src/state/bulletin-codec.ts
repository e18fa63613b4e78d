import {
  accountBytes,
  bytesOf,
  type CommitCertificate,
  concatBytes,
  type Hash,
  type Slot,
  type Stage,
  slotBytes,
  stages,
  unsignedBytes,
} from '@fastpay/protocol';
import type { BulletinEvent, Deposit, SettlementReference } from '../validator.ts';
import {
  decode,
  encodeBlock,
  encodeSettlement,
  readAccountId,
  readBlock,
  readSettlement,
  readSlot,
  readStage,
} from './records.ts';

/** A line of the log as it is stored: certificates are named by their slot, not repeated. */
export type StoredEvent =
  | { readonly type: 'resolved'; readonly slot: Slot }
  | { readonly type: 'deposited'; readonly deposit: Deposit }
  | {
      readonly type: 'settlement';
      readonly slot: Slot;
      readonly transactionHash: Hash;
      readonly stage: Stage;
      readonly settlement?: SettlementReference;
    };

const TYPES = ['resolved', 'deposited', 'settlement'] as const;

/** type u8 ‖ fields. */
export function encodeEvent(event: StoredEvent): Uint8Array {
  const type = unsignedBytes(TYPES.indexOf(event.type), 1);
  switch (event.type) {
    case 'resolved':
      return concatBytes(type, slotBytes(event.slot));
    case 'deposited': {
      const { index, account, amount, block } = event.deposit;
      return concatBytes(
        type,
        unsignedBytes(index, 8),
        accountBytes(account),
        unsignedBytes(amount, 8),
        encodeBlock(block),
      );
    }
    case 'settlement':
      return concatBytes(
        type,
        slotBytes(event.slot),
        bytesOf(event.transactionHash),
        unsignedBytes(stages.indexOf(event.stage), 1),
        encodeSettlement(event.settlement),
      );
  }
}

export function decodeEvent(bytes: Uint8Array): StoredEvent {
  return decode(bytes, (reader): StoredEvent => {
    const type = TYPES[reader.u8()];
    switch (type) {
      case 'resolved':
        return { type, slot: readSlot(reader) };
      case 'deposited':
        return {
          type,
          deposit: {
            index: reader.u64(),
            account: readAccountId(reader),
            amount: reader.u64(),
            block: readBlock(reader),
          },
        };
      case 'settlement': {
        const [slot, transactionHash, stage] = [readSlot(reader), reader.hash(), readStage(reader)];
        const settlement = readSettlement(reader);
        return { type, slot, transactionHash, stage, ...(settlement && { settlement }) };
      }
      default:
        throw new Error('the store holds a log entry that does not exist');
    }
  });
}

/** Puts the certificate back in. */
export function expandEvent(event: StoredEvent, certificateOf: (slot: Slot) => CommitCertificate): BulletinEvent {
  switch (event.type) {
    case 'resolved':
      return { type: 'resolved', certificate: certificateOf(event.slot) };
    case 'deposited':
      return event;
    case 'settlement': {
      const { slot, ...rest } = event;
      return { ...rest, certificate: certificateOf(slot) };
    }
  }
}
