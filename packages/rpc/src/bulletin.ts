import { create } from '@bufbuild/protobuf';
import {
  type AccountId,
  type Address,
  bytesOf,
  type CommitCertificate,
  type Evidence,
  type Hash,
  type Slot,
  type Stage,
} from '@fastpay/protocol';
import { slotFromProto, slotToProto } from './ballot.ts';
import { certificateToProto, commitCertificateFromProto } from './certificate.ts';
import {
  type BlockReference,
  blockReferenceFromProto,
  blockReferenceToProto,
  type SettlementReference,
  settlementFromProto,
  settlementToProto,
  stageFromProto,
  stageToProto,
} from './chain.ts';
import { evidenceFromProto, evidenceToProto } from './evidence.ts';
import { type ExitChange, exitChangeFromProto, exitChangeToProto } from './exit.ts';
import { addressField, amountField, hashField, invalidField, requiredField, u64Field } from './fields.ts';
import * as pb from './gen/fastpay/v1/types_pb.ts';

/** A deposit from a finalized block (§5 rule 5). */
export interface Deposit {
  readonly index: bigint;
  readonly account: AccountId;
  /** Base units. */
  readonly amount: bigint;
  readonly block: BlockReference;
}

/** A payment's standing on chain changed (§10). */
export interface SettlementChange {
  readonly transactionHash: Hash;
  readonly stage: Stage;
  readonly slot: Slot;
  readonly settlement?: SettlementReference;
}

export type BulletinEvent =
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate }
  | { readonly type: 'deposited'; readonly deposit: Deposit }
  | ({ readonly type: 'settlement' } & SettlementChange)
  | { readonly type: 'exit'; readonly exit: ExitChange }
  | { readonly type: 'evidence'; readonly evidence: Evidence };

/** One line of a validator's log; cursors belong to that validator's store (§9). */
export interface BulletinEntry {
  readonly cursor: bigint;
  readonly event: BulletinEvent;
}

export interface BulletinFilter {
  readonly transactionHash?: Hash;
  /** Entries in which this address pays, is paid or deposits. */
  readonly owner?: Address;
}

export function depositToProto(deposit: Deposit): pb.Deposit {
  return create(pb.DepositSchema, {
    index: deposit.index,
    owner: bytesOf(deposit.account.owner),
    asset: bytesOf(deposit.account.asset),
    amount: deposit.amount,
    block: blockReferenceToProto(deposit.block),
  });
}

/** @throws RejectError INVALID_FORMAT. */
export function depositFromProto(message: pb.Deposit | undefined, at = 'deposited'): Deposit {
  const deposit = requiredField(message, at);
  return {
    index: u64Field(deposit.index, `${at}.index`),
    account: {
      owner: addressField(deposit.owner, `${at}.owner`),
      asset: addressField(deposit.asset, `${at}.asset`),
    },
    amount: amountField(deposit.amount, `${at}.amount`),
    block: blockReferenceFromProto(deposit.block, `${at}.block`),
  };
}

export function settlementChangeToProto(change: SettlementChange): pb.SettlementChange {
  return create(pb.SettlementChangeSchema, {
    transactionHash: bytesOf(change.transactionHash),
    stage: stageToProto(change.stage),
    slot: slotToProto(change.slot),
    ...(change.settlement ? { settlement: settlementToProto(change.settlement) } : {}),
  });
}

/** @throws RejectError INVALID_FORMAT. */
export function settlementChangeFromProto(
  message: pb.SettlementChange | undefined,
  at = 'settlement',
): SettlementChange {
  const { transactionHash, stage, slot, settlement } = requiredField(message, at);
  return {
    transactionHash: hashField(transactionHash, `${at}.transaction_hash`),
    stage: stageFromProto(stage, `${at}.stage`),
    slot: slotFromProto(slot, `${at}.slot`),
    ...(settlement ? { settlement: settlementFromProto(settlement, `${at}.settlement`) } : {}),
  };
}

export function bulletinEntryToProto({ cursor, event }: BulletinEntry): pb.BulletinEntry {
  return create(pb.BulletinEntrySchema, { cursor, event: bulletinEventToProto(event) });
}

function bulletinEventToProto(event: BulletinEvent): pb.BulletinEntry['event'] {
  switch (event.type) {
    case 'resolved':
      return { case: 'resolved', value: certificateToProto(event.certificate) };
    case 'deposited':
      return { case: 'deposited', value: depositToProto(event.deposit) };
    case 'settlement':
      return { case: 'settlement', value: settlementChangeToProto(event) };
    case 'exit':
      return { case: 'exit', value: exitChangeToProto(event.exit) };
    case 'evidence':
      return { case: 'evidence', value: evidenceToProto(event.evidence) };
  }
}

/** Certificates in it are still to be verified. @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function bulletinEntryFromProto(message: pb.BulletinEntry | undefined, at = 'entry'): BulletinEntry {
  const { cursor, event } = requiredField(message, at);
  return { cursor: u64Field(cursor, `${at}.cursor`), event: bulletinEventFromProto(event, at) };
}

function bulletinEventFromProto(event: pb.BulletinEntry['event'], at: string): BulletinEvent {
  switch (event.case) {
    case 'resolved':
      return { type: 'resolved', certificate: commitCertificateFromProto(event.value, `${at}.resolved`) };
    case 'deposited':
      return { type: 'deposited', deposit: depositFromProto(event.value, `${at}.deposited`) };
    case 'settlement':
      return { type: 'settlement', ...settlementChangeFromProto(event.value, `${at}.settlement`) };
    case 'exit':
      return { type: 'exit', exit: exitChangeFromProto(event.value, `${at}.exit`) };
    case 'evidence':
      return { type: 'evidence', evidence: evidenceFromProto(event.value, `${at}.evidence`) };
    case undefined:
      throw invalidField(`${at}.event`, 'is missing');
  }
}

export function bulletinFilterToProto(filter: BulletinFilter): pb.BulletinFilter {
  return create(pb.BulletinFilterSchema, {
    ...(filter.transactionHash ? { transactionHash: bytesOf(filter.transactionHash) } : {}),
    ...(filter.owner ? { owner: bytesOf(filter.owner) } : {}),
  });
}

/** Empty fields, or no filter, mean everything. @throws RejectError INVALID_FORMAT. */
export function bulletinFilterFromProto(message: pb.BulletinFilter | undefined, at = 'filter'): BulletinFilter {
  if (!message) return {};
  return {
    ...(message.transactionHash.length > 0
      ? { transactionHash: hashField(message.transactionHash, `${at}.transaction_hash`) }
      : {}),
    ...(message.owner.length > 0 ? { owner: addressField(message.owner, `${at}.owner`) } : {}),
  };
}
