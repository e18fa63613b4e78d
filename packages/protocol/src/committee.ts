import { type Address, bytesOf, type Hash, hashFromBytes, MAX_U64, ZERO_ADDRESS } from './brand.ts';
import { concatBytes, keccak256, unsignedBytes, utf8 } from './bytes.ts';
import { limits } from './limits.ts';
import { RejectError } from './reject.ts';

/** One validator as the committee lists it (§2). */
export interface CommitteeMember {
  readonly name: string;
  /** Ed25519 public key, 32 bytes as a hash-like hex string. */
  readonly votingKey: Hash;
  /** secp256k1 address on Tempo that signs commits. */
  readonly settlementAddress: Address;
  readonly stake: bigint;
}

/** The ordered committee of one epoch. A signer is named by its index here. */
export interface Committee {
  readonly epoch: bigint;
  readonly members: readonly CommitteeMember[];
}

export function totalStake(committee: Committee): bigint {
  return committee.members.reduce((sum, member) => sum + member.stake, 0n);
}

/** v = ceil(W/3): any set with this much stake holds an honest validator (§2). */
export function validityStake(committee: Committee): bigint {
  return (totalStake(committee) + 2n) / 3n;
}

/** q = ceil((W + v) / 2): the stake that certifies (§2). */
export function quorumStake(committee: Committee): bigint {
  return (totalStake(committee) + validityStake(committee) + 1n) / 2n;
}

/** Σ stake of distinct members; an index that occurs twice or does not exist makes it undefined. */
export function stakeOfDistinct(committee: Committee, signers: readonly number[]): bigint | undefined {
  const seen = new Set<number>();
  let stake = 0n;
  for (const signer of signers) {
    const member = committee.members[signer];
    if (!member || seen.has(signer)) return undefined;
    seen.add(signer);
    stake += member.stake;
  }
  return stake;
}

/**
 * Checks what can be checked without curve arithmetic; `assertValidVotingKey` of the crypto package does the rest.
 * @throws RejectError INVALID_FORMAT.
 */
export function assertValidCommittee(committee: Committee): void {
  const { members } = committee;
  if (committee.epoch < 0n || committee.epoch > MAX_U64) {
    throw new RejectError('INVALID_FORMAT', 'the epoch must fit in 64 bits');
  }
  if (members.length === 0 || members.length > limits.committeeSize) {
    throw new RejectError('INVALID_FORMAT', `a committee has 1 to ${limits.committeeSize} members`);
  }
  const distinct = (what: string, values: readonly string[]) => {
    if (new Set(values).size !== values.length) {
      throw new RejectError('INVALID_FORMAT', `two committee members share a ${what}`);
    }
  };
  distinct(
    'name',
    members.map((member) => member.name),
  );
  distinct(
    'voting key',
    members.map((member) => member.votingKey),
  );
  distinct(
    'settlement address',
    members.map((member) => member.settlementAddress),
  );
  for (const member of members) {
    if (!member.name.isWellFormed() || /\p{Cc}/u.test(member.name)) {
      throw new RejectError('INVALID_FORMAT', 'a name is text without control characters');
    }
    const nameBytes = utf8(member.name).length;
    if (nameBytes === 0 || nameBytes > limits.validatorNameBytes) {
      throw new RejectError('INVALID_FORMAT', `a name has 1 to ${limits.validatorNameBytes} bytes`);
    }
    if (member.stake <= 0n || member.stake > MAX_U64) {
      throw new RejectError('INVALID_FORMAT', `the stake of ${member.name} must be above zero and in 64 bits`);
    }
    if (member.settlementAddress === ZERO_ADDRESS) {
      throw new RejectError('INVALID_FORMAT', `the settlement address of ${member.name} is zero`);
    }
  }
  if (totalStake(committee) > MAX_U64) {
    throw new RejectError('INVALID_FORMAT', 'the total stake must fit in 64 bits');
  }
}

/** keccak256 over each member's name length u8 ‖ name ‖ voting key 32: what the contract carries but never reads. */
export function committeeIdentityHash(committee: Committee): Hash {
  const parts: Uint8Array[] = [];
  for (const member of committee.members) {
    const name = utf8(member.name);
    parts.push(unsignedBytes(name.length, 1), name, bytesOf(member.votingKey));
  }
  return hashFromBytes(keccak256(concatBytes(...parts)));
}

/** settlementAddress 20 ‖ stake u64 for each member, as the contract takes it in calldata (§6). */
export function packedCommittee(committee: Committee): Uint8Array {
  return concatBytes(
    ...committee.members.flatMap((member) => [bytesOf(member.settlementAddress), unsignedBytes(member.stake, 8)]),
  );
}

/** keccak256(epoch u64 ‖ identity hash 32 ‖ packed members): pinned by wallets, stored by the contract. */
export function committeeHash(committee: Committee): Hash {
  return hashFromBytes(
    keccak256(
      concatBytes(
        unsignedBytes(committee.epoch, 8),
        bytesOf(committeeIdentityHash(committee)),
        packedCommittee(committee),
      ),
    ),
  );
}
