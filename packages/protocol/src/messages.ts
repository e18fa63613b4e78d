import { type Address, bytesOf, type Hash, hashFromBytes } from './brand.ts';
import { concatBytes, keccak256, signedBytes, unsignedBytes, utf8 } from './bytes.ts';
import { addressWord, typedDataDigest } from './domain.ts';
import type { AccountId, Slot } from './slot.ts';
import { slotBytes } from './slot.ts';

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

function contextBytes(context: SigningContext): Uint8Array {
  return concatBytes(bytesOf(context.separator), unsignedBytes(context.epoch, 8));
}

const VOTE_TAG = utf8('fastpay.vote.v1\0');
const PROMISE_TAG = utf8('fastpay.promise.v1\0');
const ACCOUNT_TAG = utf8('fastpay.account.v1\0');

/** tag ‖ separator 32 ‖ epoch u64 ‖ slot 48 ‖ round u64 ‖ value 32; signed with Ed25519. */
export function voteBytes(context: SigningContext, ballot: Ballot): Uint8Array {
  return concatBytes(
    VOTE_TAG,
    contextBytes(context),
    slotBytes(ballot.slot),
    unsignedBytes(ballot.round, 8),
    bytesOf(ballot.value),
  );
}

/** tag ‖ ctx ‖ slot ‖ round u64 ‖ hasLock u8 ‖ lockedEpoch u64 ‖ lockedRound u64 ‖ lockedValue 32; Ed25519. */
export function promiseBytes(context: SigningContext, slot: Slot, round: number, lock: Lock | undefined): Uint8Array {
  return concatBytes(
    PROMISE_TAG,
    contextBytes(context),
    slotBytes(slot),
    unsignedBytes(round, 8),
    unsignedBytes(lock ? 1 : 0, 1),
    unsignedBytes(lock?.epoch ?? 0n, 8),
    unsignedBytes(lock?.round ?? 0, 8),
    lock ? bytesOf(lock.value) : new Uint8Array(32),
  );
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

/** tag ‖ ctx ‖ owner ‖ asset ‖ balance i128 ‖ next u64 ‖ height u64 ‖ hash 32 ‖ unixMillis u64 ‖ nonce 16; Ed25519. */
export function accountStatementBytes(context: SigningContext, statement: AccountStatement): Uint8Array {
  return concatBytes(
    ACCOUNT_TAG,
    contextBytes(context),
    bytesOf(statement.account.owner),
    bytesOf(statement.account.asset),
    signedBytes(statement.balance, 16),
    unsignedBytes(statement.next, 8),
    unsignedBytes(statement.finalizedHeight, 8),
    bytesOf(statement.finalizedHash),
    unsignedBytes(statement.unixMillis, 8),
    statement.clientNonce,
  );
}

export const COMMIT_TYPE =
  'Commit(uint64 epoch,address account,address asset,uint64 sequence,uint64 round,bytes32 value)';
export const NEW_ROUND_TYPE = 'NewRound(uint64 epoch,address account,address asset,uint64 sequence,uint64 round)';
export const PROPOSE_TYPE =
  'Propose(uint64 epoch,address account,address asset,uint64 sequence,uint64 round,bytes32 value)';
export const BATCH_ATTESTATION_TYPE = 'BatchAttestation(uint64 epoch,bytes32 batchHash)';

const COMMIT_TYPE_HASH = keccak256(utf8(COMMIT_TYPE));
const NEW_ROUND_TYPE_HASH = keccak256(utf8(NEW_ROUND_TYPE));
const PROPOSE_TYPE_HASH = keccak256(utf8(PROPOSE_TYPE));
const BATCH_ATTESTATION_TYPE_HASH = keccak256(utf8(BATCH_ATTESTATION_TYPE));

function roundWords(epoch: bigint, slot: Slot, round: number): Uint8Array {
  return concatBytes(
    unsignedBytes(epoch, 32),
    addressWord(slot.owner),
    addressWord(slot.asset),
    unsignedBytes(slot.sequence, 32),
    unsignedBytes(round, 32),
  );
}

/** EIP-712 digest that a validator's settlement key signs (secp256k1). */
export function commitDigest(context: SigningContext, ballot: Ballot): Hash {
  const words = roundWords(context.epoch, ballot.slot, ballot.round);
  return typedDataDigest(context.separator, keccak256(concatBytes(COMMIT_TYPE_HASH, words, bytesOf(ballot.value))));
}

/** EIP-712 digest that the account's owner signs to open a higher round. */
export function newRoundDigest(context: SigningContext, slot: Slot, round: number): Hash {
  return typedDataDigest(
    context.separator,
    keccak256(concatBytes(NEW_ROUND_TYPE_HASH, roundWords(context.epoch, slot, round))),
  );
}

/** EIP-712 digest that the account's owner signs to propose a value in a higher round. */
export function proposeDigest(context: SigningContext, ballot: Ballot): Hash {
  const words = roundWords(context.epoch, ballot.slot, ballot.round);
  return typedDataDigest(context.separator, keccak256(concatBytes(PROPOSE_TYPE_HASH, words, bytesOf(ballot.value))));
}

/** One settled slot as the batch hash lists it. */
export interface BatchEntry {
  readonly account: Address;
  readonly asset: Address;
  readonly sequence: bigint;
  readonly value: Hash;
}

/** keccak256 over the ordered account 20 ‖ asset 20 ‖ sequence u64 ‖ txHash 32. */
export function batchHash(entries: readonly BatchEntry[]): Hash {
  return hashFromBytes(
    keccak256(
      concatBytes(
        ...entries.flatMap((entry) => [
          bytesOf(entry.account),
          bytesOf(entry.asset),
          unsignedBytes(entry.sequence, 8),
          bytesOf(entry.value),
        ]),
      ),
    ),
  );
}

export function batchAttestationDigest(context: SigningContext, hash: Hash): Hash {
  return typedDataDigest(
    context.separator,
    keccak256(concatBytes(BATCH_ATTESTATION_TYPE_HASH, unsignedBytes(context.epoch, 32), bytesOf(hash))),
  );
}
