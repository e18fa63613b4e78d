import { type Address, type Hash, hashFromBytes, ZERO_HASH } from './brand.ts';
import { ACCOUNT_BYTES, ByteWriter, SLOT_BYTES } from './byte-writer.ts';
import { keccak256, signedBytes, utf8 } from './bytes.ts';
import { typedDataDigest } from './domain.ts';
import { RejectError } from './reject.ts';
import type { AccountId, Slot } from './slot.ts';

/** Every signed message of §4, as the exact bytes or digest that is signed. */

/** What all signed messages are bound to: one deployed reserve and one epoch. */
export interface SigningContext {
  /** EIP-712 domain separator. */
  readonly separator: Hash;
  readonly epoch: bigint;
}

/** A value in a slot at a round: what a vote or commit says. */
export interface Ballot {
  readonly slot: Slot;
  /** 0 ≤ round < 2^32. */
  readonly round: number;
  /** A transaction hash or SKIP. */
  readonly value: Hash;
}

/** The highest quorum certificate that a validator committed to in a slot. */
export interface Lock {
  readonly epoch: bigint;
  readonly round: number;
  readonly value: Hash;
}

const VOTE_TAG = utf8('fastpay.vote.v1\0');
const PROMISE_TAG = utf8('fastpay.promise.v1\0');
const ACCOUNT_TAG = utf8('fastpay.account.v1\0');
const CONTEXT_BYTES = 32 + 8;

/** A message that starts with its tag and ctx, with `rest` bytes to follow. */
function message(tag: Uint8Array, context: SigningContext, rest: number): ByteWriter {
  return new ByteWriter(tag.length + CONTEXT_BYTES + rest).raw(tag).hash(context.separator).u64(context.epoch);
}

/** tag ‖ separator 32 ‖ epoch u64 ‖ slot 48 ‖ round u64 ‖ value 32; signed with Ed25519. */
export function voteBytes(context: SigningContext, ballot: Ballot): Uint8Array {
  const writer = message(VOTE_TAG, context, SLOT_BYTES + 8 + 32);
  return writer.slot(ballot.slot).u64(ballot.round).hash(ballot.value).finish();
}

/** tag ‖ ctx ‖ slot ‖ round u64 ‖ hasLock u8 ‖ lockedEpoch u64 ‖ lockedRound u64 ‖ lockedValue 32; Ed25519. */
export function promiseBytes(context: SigningContext, slot: Slot, round: number, lock: Lock | undefined): Uint8Array {
  const writer = message(PROMISE_TAG, context, SLOT_BYTES + 8 + 1 + 8 + 8 + 32);
  writer.slot(slot).u64(round);
  if (lock) writer.u8(1).u64(lock.epoch).u64(lock.round).hash(lock.value);
  else writer.u8(0).u64(0).u64(0).hash(ZERO_HASH);
  return writer.finish();
}

const DRIVER_TAG = utf8('fastpay.driver.v1\0');

/**
 * tag ‖ ctx ‖ digest 32, where the digest is that of a NewRound or Propose: what the validator whose turn it is signs
 * with Ed25519 in the place of an owner who exits (§5 rule 6).
 */
export function driverBytes(context: SigningContext, digest: Hash): Uint8Array {
  return message(DRIVER_TAG, context, 32).hash(digest).finish();
}

/** What one validator says about one account, signed fresh for one client (§4, §7 rule 9). */
export interface AccountStatement {
  readonly account: AccountId;
  /** Base units; below zero only on a validator that lags. */
  readonly balance: bigint;
  /** First unresolved slot. */
  readonly next: bigint;
  readonly finalizedHeight: bigint;
  readonly finalizedHash: Hash;
  readonly unixMillis: bigint;
  /** 16 bytes chosen by the client, so that an old statement cannot be replayed. */
  readonly clientNonce: Uint8Array;
}

const CLIENT_NONCE_BYTES = 16;

/**
 * tag ‖ ctx ‖ owner ‖ asset ‖ balance i128 ‖ next u64 ‖ height u64 ‖ hash 32 ‖ unixMillis u64 ‖ nonce 16; Ed25519.
 * @throws RejectError INVALID_FORMAT when the nonce has another length or a number is out of range.
 */
export function accountStatementBytes(context: SigningContext, statement: AccountStatement): Uint8Array {
  if (statement.clientNonce.length !== CLIENT_NONCE_BYTES) {
    throw new RejectError('INVALID_FORMAT', `a client nonce is ${CLIENT_NONCE_BYTES} bytes`);
  }
  const writer = message(ACCOUNT_TAG, context, ACCOUNT_BYTES + 16 + 8 + 8 + 32 + 8 + CLIENT_NONCE_BYTES);
  return writer
    .account(statement.account)
    .raw(signedBytes(statement.balance, 16))
    .u64(statement.next)
    .u64(statement.finalizedHeight)
    .hash(statement.finalizedHash)
    .u64(statement.unixMillis)
    .raw(statement.clientNonce)
    .finish();
}

export const COMMIT_TYPE =
  'Commit(uint64 epoch,address account,address asset,uint64 sequence,uint64 round,bytes32 value)';
export const NEW_ROUND_TYPE = 'NewRound(uint64 epoch,address account,address asset,uint64 sequence,uint64 round)';
export const PROPOSE_TYPE =
  'Propose(uint64 epoch,address account,address asset,uint64 sequence,uint64 round,bytes32 value)';
export const BATCH_ATTESTATION_TYPE = 'BatchAttestation(uint64 epoch,address asset,bytes32 batchHash)';
export const ROTATE_TYPE = 'Rotate(uint64 epoch,bytes32 committeeHash)';

const COMMIT_TYPE_HASH = keccak256(utf8(COMMIT_TYPE));
const NEW_ROUND_TYPE_HASH = keccak256(utf8(NEW_ROUND_TYPE));
const PROPOSE_TYPE_HASH = keccak256(utf8(PROPOSE_TYPE));
const BATCH_ATTESTATION_TYPE_HASH = keccak256(utf8(BATCH_ATTESTATION_TYPE));
const ROTATE_TYPE_HASH = keccak256(utf8(ROTATE_TYPE));

/** The five words that the round messages share, after the type hash and before what follows. */
function roundFields(
  typeHash: Uint8Array,
  context: SigningContext,
  slot: Slot,
  round: number,
  rest: 0 | 32,
): ByteWriter {
  return new ByteWriter(6 * 32 + rest)
    .raw(typeHash)
    .u64Word(context.epoch)
    .addressWord(slot.owner)
    .addressWord(slot.asset)
    .u64Word(slot.sequence)
    .u64Word(round);
}

function ballotDigest(typeHash: Uint8Array, context: SigningContext, { slot, round, value }: Ballot): Hash {
  const fields = roundFields(typeHash, context, slot, round, 32).hash(value).finish();
  return typedDataDigest(context.separator, keccak256(fields));
}

/** EIP-712 digest that a validator's settlement key signs (secp256k1). */
export function commitDigest(context: SigningContext, ballot: Ballot): Hash {
  return ballotDigest(COMMIT_TYPE_HASH, context, ballot);
}

/** EIP-712 digest that the account's owner signs to open a higher round. */
export function newRoundDigest(context: SigningContext, slot: Slot, round: number): Hash {
  const fields = roundFields(NEW_ROUND_TYPE_HASH, context, slot, round, 0).finish();
  return typedDataDigest(context.separator, keccak256(fields));
}

/** EIP-712 digest that the account's owner signs to propose a value in a higher round. */
export function proposeDigest(context: SigningContext, ballot: Ballot): Hash {
  return ballotDigest(PROPOSE_TYPE_HASH, context, ballot);
}

/** One settled slot as the batch hash lists it. */
export interface BatchEntry {
  readonly account: Address;
  readonly asset: Address;
  readonly sequence: bigint;
  readonly value: Hash;
}

const BATCH_ITEM_BYTES = 20 + 8 + 32;

/** keccak256 over the ordered account 20 ‖ sequence u64 ‖ value 32; the attestation names the asset once. */
export function batchHash(entries: readonly BatchEntry[]): Hash {
  const writer = new ByteWriter(entries.length * BATCH_ITEM_BYTES);
  for (const { account, sequence, value } of entries) writer.address(account).u64(sequence).hash(value);
  return hashFromBytes(keccak256(writer.finish()));
}

/**
 * EIP-712 digest that a validator's settlement key signs once for a whole batch (secp256k1).
 * @throws RejectError INVALID_FORMAT without entries, or with entries of several assets.
 */
export function batchAttestationDigest(context: SigningContext, entries: readonly BatchEntry[]): Hash {
  const asset = entries[0]?.asset;
  if (asset === undefined || entries.some((entry) => entry.asset !== asset)) {
    throw new RejectError('INVALID_FORMAT', 'a batch has at least one entry, and all are of one asset');
  }
  const fields = new ByteWriter(4 * 32).raw(BATCH_ATTESTATION_TYPE_HASH).u64Word(context.epoch);
  return typedDataDigest(context.separator, keccak256(fields.addressWord(asset).hash(batchHash(entries)).finish()));
}

/**
 * EIP-712 digest with which settlement keys of the present committee hand over to the next (secp256k1, §6).
 * @param context Of the epoch that begins.
 * @param committeeHash Of the next committee (§2), which names that epoch too.
 */
export function rotateDigest(context: SigningContext, committeeHash: Hash): Hash {
  const fields = new ByteWriter(3 * 32).raw(ROTATE_TYPE_HASH).u64Word(context.epoch).hash(committeeHash).finish();
  return typedDataDigest(context.separator, keccak256(fields));
}
