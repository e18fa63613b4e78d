import {
  type AccountId,
  accountKey,
  type CommitCertificate,
  decodeCommitCertificate,
  encodeCertificate,
  type Hash,
  type Slot,
} from '@fastpay/protocol';
import type { Kv, Operation } from '@fastpay/storage';
import { encodeEvent, type StoredEvent } from './bulletin-codec.ts';
import {
  accountRecordKey,
  bulletinIndex,
  type CursorIndex,
  chainKey,
  evidenceKey,
  openSlotKey,
  outboxKey,
  paymentKey,
  resolvedKey,
} from './keys.ts';
import {
  type AccountRecord,
  type ChainRecord,
  decodeAccount,
  decodeChain,
  decodeOpenSlot,
  decodePayment,
  encodeAccount,
  encodeChain,
  encodeOpenSlot,
  encodePayment,
  type OpenSlot,
  type PaymentRecord,
} from './records.ts';

/** Typed reads of the store. */
export interface Ledger {
  account(account: AccountId): AccountRecord | undefined;
  openSlot(slot: Slot): OpenSlot | undefined;
  resolved(slot: Slot): CommitCertificate | undefined;
  payment(transactionHash: Hash): PaymentRecord | undefined;
  chain(): ChainRecord;
}

/** Everything that one step changes: read through, then written as one batch. */
export interface LedgerStep extends Ledger {
  putAccount(account: AccountId, record: AccountRecord): void;
  putOpenSlot(slot: Slot, record: OpenSlot): void;
  deleteOpenSlot(slot: Slot): void;
  putResolved(certificate: CommitCertificate): void;
  putPayment(transactionHash: Hash, record: PaymentRecord): void;
  putChain(record: ChainRecord): void;
  queue(slot: Slot): void;
  dequeue(slot: Slot): void;
  putEvidence(certificate: CommitCertificate): void;
  /** Appends a line to the log under the given cursor, and its cursor to each index. */
  append(cursor: bigint, event: StoredEvent, indices: readonly CursorIndex[]): void;
  readonly operations: readonly Operation[];
}

export function createLedger(kv: Kv): Ledger {
  const read = <Row>(key: Uint8Array, decode: (bytes: Uint8Array) => Row): Row | undefined => {
    const bytes = kv.get(key);
    return bytes && decode(bytes);
  };
  return {
    account: (account) => read(accountRecordKey(account), decodeAccount),
    openSlot: (slot) => read(openSlotKey(slot), decodeOpenSlot),
    resolved: (slot) => read(resolvedKey(slot), decodeCommitCertificate),
    payment: (transactionHash) => read(paymentKey(transactionHash), decodePayment),
    chain: () => read(chainKey, decodeChain) ?? { nextDepositIndex: 0n },
  };
}

/** A step over a ledger. Accounts and payments are read back as changed, since one step may touch one twice. */
export function beginStep(ledger: Ledger): LedgerStep {
  const operations: Operation[] = [];
  const accounts = new Map<string, AccountRecord>();
  const payments = new Map<Hash, PaymentRecord>();
  const put = (key: Uint8Array, value: Uint8Array) => operations.push({ type: 'put', key, value });
  const remove = (key: Uint8Array) => operations.push({ type: 'delete', key });
  return {
    ...ledger,
    account: (account) => accounts.get(accountKey(account)) ?? ledger.account(account),
    payment: (transactionHash) => payments.get(transactionHash) ?? ledger.payment(transactionHash),
    putAccount(account, record) {
      accounts.set(accountKey(account), record);
      put(accountRecordKey(account), encodeAccount(record));
    },
    putOpenSlot: (slot, record) => put(openSlotKey(slot), encodeOpenSlot(record)),
    deleteOpenSlot: (slot) => remove(openSlotKey(slot)),
    putResolved: (certificate) => put(resolvedKey(certificate.slot), encodeCertificate(certificate)),
    putPayment(transactionHash, record) {
      payments.set(transactionHash, record);
      put(paymentKey(transactionHash), encodePayment(record));
    },
    putChain: (record) => put(chainKey, encodeChain(record)),
    queue: (slot) => put(outboxKey(slot), new Uint8Array()),
    dequeue: (slot) => remove(outboxKey(slot)),
    putEvidence: (certificate) => put(evidenceKey(certificate.slot), encodeCertificate(certificate)),
    append(cursor, event, indices) {
      put(bulletinIndex(cursor), encodeEvent(event));
      for (const index of indices) put(index(cursor), new Uint8Array());
    },
    operations,
  };
}
