import {
  type AccountId,
  ByteReader,
  bytesOf,
  concatBytes,
  decodeQuorumCertificate,
  decodeSignedOrder,
  encodeCertificate,
  encodeSignedOrder,
  type Hash,
  type QuorumCertificate,
  type SignedOrder,
  type Slot,
  type Stage,
  signedBytes,
  slotBytes,
  stages,
  toSequence,
  unsignedBytes,
} from '@fastpay/protocol';
import type { FinalizedBlock, SettlementReference } from '../validator.ts';

/** The rows of the store and their bytes. Integers are big-endian; a row that does not decode breaks an invariant. */

/** The ledger's line of one account. */
export interface AccountRecord {
  /** Deposits + credits − debits − fees of resolved slots; below zero only while this validator lags. */
  readonly balance: bigint;
  /** First unresolved slot. */
  readonly next: bigint;
  /** Two certificates for one slot were seen: nothing is signed for this account any more. */
  readonly isHalted: boolean;
}

export const EMPTY_ACCOUNT: AccountRecord = { balance: 0n, next: 0n, isHalted: false };

/** What was voted for in one round; `signedOrder` is absent exactly for SKIP. */
export interface VoteRecord {
  readonly round: number;
  readonly value: Hash;
  readonly signedOrder?: SignedOrder;
}

/** What this validator has bound itself to in an unresolved slot (§5). */
export interface OpenSlot {
  /** No vote or commit below this round any more; initially 0. */
  readonly promised: number;
  readonly votes: readonly VoteRecord[];
  /** The quorum certificate of the highest round committed to. */
  readonly locked?: QuorumCertificate;
}

export const UNTOUCHED_SLOT: OpenSlot = { promised: 0, votes: [] };

/** Where a payment is; the order is kept here only while no certificate holds it. */
export interface PaymentRecord {
  readonly stage: Stage;
  readonly slot: Slot;
  readonly settlement?: SettlementReference;
  readonly signedOrder?: SignedOrder;
}

/** How far the ledger has followed the chain. */
export interface ChainRecord {
  readonly nextDepositIndex: bigint;
  readonly finalized?: FinalizedBlock;
}

/** balance i128 ‖ next u64 ‖ halted u8. */
export function encodeAccount({ balance, next, isHalted }: AccountRecord): Uint8Array {
  return concatBytes(signedBytes(balance, 16), unsignedBytes(next, 8), Uint8Array.of(isHalted ? 1 : 0));
}

export function decodeAccount(bytes: Uint8Array): AccountRecord {
  return decode(bytes, (reader) => ({
    balance: BigInt.asIntN(128, (reader.u64() << 64n) | reader.u64()),
    next: reader.u64(),
    isHalted: reader.u8() === 1,
  }));
}

/** promised u64 ‖ lock (length u16 ‖ certificate) ‖ vote count u8 ‖ (round u64 ‖ value 32 ‖ order length u16 ‖ order) each. */
export function encodeOpenSlot({ promised, votes, locked }: OpenSlot): Uint8Array {
  return concatBytes(
    unsignedBytes(promised, 8),
    sized(locked && encodeCertificate(locked)),
    unsignedBytes(votes.length, 1),
    ...votes.flatMap((vote) => [
      unsignedBytes(vote.round, 8),
      bytesOf(vote.value),
      sized(vote.signedOrder && encodeSignedOrder(vote.signedOrder)),
    ]),
  );
}

export function decodeOpenSlot(bytes: Uint8Array): OpenSlot {
  return decode(bytes, (reader) => {
    const promised = Number(reader.u64());
    const lock = readSized(reader);
    const votes = Array.from({ length: reader.u8() }, (): VoteRecord => {
      const [round, value, order] = [Number(reader.u64()), reader.hash(), readSized(reader)];
      return { round, value, ...(order && { signedOrder: decodeSignedOrder(order) }) };
    });
    return { promised, votes, ...(lock && { locked: decodeQuorumCertificate(lock) }) };
  });
}

/** stage u8 ‖ slot 48 ‖ order (length u16 ‖ bytes) ‖ settled u8 ‖ (height u64 ‖ hash ‖ timestamp u64 ‖ transaction). */
export function encodePayment({ stage, slot, settlement, signedOrder }: PaymentRecord): Uint8Array {
  return concatBytes(
    unsignedBytes(stages.indexOf(stage), 1),
    slotBytes(slot),
    sized(signedOrder && encodeSignedOrder(signedOrder)),
    encodeSettlement(settlement),
  );
}

export function decodePayment(bytes: Uint8Array): PaymentRecord {
  return decode(bytes, (reader) => {
    const stage = readStage(reader);
    const slot = readSlot(reader);
    const order = readSized(reader);
    const settlement = readSettlement(reader);
    return {
      stage,
      slot,
      ...(order && { signedOrder: decodeSignedOrder(order) }),
      ...(settlement && { settlement }),
    };
  });
}

/** next deposit index u64 ‖ known u8 ‖ (height u64 ‖ hash 32 ‖ timestamp u64). */
export function encodeChain({ nextDepositIndex, finalized }: ChainRecord): Uint8Array {
  return concatBytes(
    unsignedBytes(nextDepositIndex, 8),
    Uint8Array.of(finalized ? 1 : 0),
    finalized ? encodeBlock(finalized) : new Uint8Array(),
  );
}

export function decodeChain(bytes: Uint8Array): ChainRecord {
  return decode(bytes, (reader) => {
    const nextDepositIndex = reader.u64();
    return { nextDepositIndex, ...(reader.u8() === 1 && { finalized: readBlock(reader) }) };
  });
}

/** height u64 ‖ hash 32 ‖ timestamp u64. */
export function encodeBlock({ height, hash, timestamp }: FinalizedBlock): Uint8Array {
  return concatBytes(unsignedBytes(height, 8), bytesOf(hash), unsignedBytes(timestamp, 8));
}

export function readBlock(reader: ByteReader): FinalizedBlock {
  return { height: reader.u64(), hash: reader.hash(), timestamp: reader.u64() };
}

export function encodeSettlement(settlement: SettlementReference | undefined): Uint8Array {
  if (!settlement) return Uint8Array.of(0);
  return concatBytes(Uint8Array.of(1), encodeBlock(settlement.block), bytesOf(settlement.transactionHash));
}

export function readSettlement(reader: ByteReader): SettlementReference | undefined {
  return reader.u8() === 1 ? { block: readBlock(reader), transactionHash: reader.hash() } : undefined;
}

export function readAccountId(reader: ByteReader): AccountId {
  return { owner: reader.address(), asset: reader.address() };
}

export function readSlot(reader: ByteReader): Slot {
  return { ...readAccountId(reader), sequence: toSequence(reader.u64()) };
}

export function readStage(reader: ByteReader): Stage {
  const stage = stages[reader.u8()];
  if (!stage) throw new Error('the store holds a stage that does not exist');
  return stage;
}

/** Reads a whole row. */
export function decode<Row>(bytes: Uint8Array, read: (reader: ByteReader) => Row): Row {
  const reader = new ByteReader(bytes);
  const row = read(reader);
  reader.end();
  return row;
}

/** length u16 ‖ bytes; nothing is length 0. */
function sized(bytes: Uint8Array | undefined): Uint8Array {
  return bytes ? concatBytes(unsignedBytes(bytes.length, 2), bytes) : new Uint8Array(2);
}

function readSized(reader: ByteReader): Uint8Array | undefined {
  const length = reader.u16();
  return length === 0 ? undefined : reader.raw(length);
}
