import { bytesOf, type Committee, type Hash, RejectError } from '@fastpay/protocol';
import { isValidVotingKey } from './ed25519.ts';

/**
 * Refuses what could sign two ways or for everybody: a voting key must be a canonical point of prime order (§2).
 * @throws RejectError INVALID_FORMAT.
 */
export function assertValidVotingKey(key: Hash): void {
  if (!isValidVotingKey(bytesOf(key))) {
    throw new RejectError('INVALID_FORMAT', 'the voting key is not a canonical Ed25519 point of prime order');
  }
}

/**
 * The half of `assertValidCommittee` that takes curve arithmetic. Whoever verifies anything runs it, through
 * `createVerificationContext`, and so does whoever registers a committee.
 * @throws RejectError INVALID_FORMAT that names the member.
 */
export function assertValidVotingKeys({ members }: Pick<Committee, 'members'>): void {
  for (const { name, votingKey } of members) {
    if (!isValidVotingKey(bytesOf(votingKey))) {
      throw new RejectError(
        'INVALID_FORMAT',
        `the voting key of ${name} is not a canonical Ed25519 point of prime order`,
      );
    }
  }
}
