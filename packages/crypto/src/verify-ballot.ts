import { RejectError, type SignedBallot } from '@fastpay/protocol';
import {
  assertValidRound,
  commitCheck,
  memberThatSigned,
  type SignatureCheck,
  voteCheck,
} from './committee-signature.ts';
import type { VerificationContext } from './context.ts';

/**
 * A vote: Ed25519 by the voting key of its signer (§4).
 * @throws RejectError INVALID_FORMAT or INVALID_SIGNATURE.
 */
export async function verifyVote(context: VerificationContext, ballot: SignedBallot): Promise<void> {
  await verifyBallot(context, ballot, 'vote', voteCheck);
}

/**
 * A commit: secp256k1 by the settlement key of its signer (§4).
 * @throws RejectError INVALID_FORMAT or INVALID_SIGNATURE.
 */
export async function verifyCommit(context: VerificationContext, ballot: SignedBallot): Promise<void> {
  await verifyBallot(context, ballot, 'commit', commitCheck);
}

async function verifyBallot(
  context: VerificationContext,
  ballot: SignedBallot,
  what: string,
  checkOf: (context: VerificationContext, ballot: SignedBallot, epoch: bigint) => SignatureCheck,
): Promise<void> {
  assertValidRound(ballot.round);
  const member = memberThatSigned(context, ballot.epoch, ballot.signature.signer);
  if (!(await checkOf(context, ballot, ballot.epoch)(member, ballot.signature))) {
    throw new RejectError('INVALID_SIGNATURE', `the ${what} does not bear the signature of ${member.name}`);
  }
}
