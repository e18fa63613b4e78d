import { type Ballot, bytesOf, commitDigest, type SignedBallot, voteBytes } from '@fastpay/protocol';
import type { VerificationContext } from './context.ts';
import type { Secp256k1Signer, VotingSigner } from './engine.ts';

/**
 * A validator's own ballots. They are remembered as verified, so that a certificate which holds one costs the
 * validator one verification less (§5, cost per payment).
 */

/** Signs a vote of this epoch as member `signer` of the committee, whose voting key it must be (§4). */
export async function signVote(
  context: VerificationContext,
  ballot: Ballot,
  signer: number,
  votingSigner: VotingSigner,
): Promise<SignedBallot> {
  const { epoch } = context.committee;
  const message = voteBytes({ separator: context.separator, epoch }, ballot);
  const signature = await votingSigner.sign(message);
  context.verifiedSignatures.add(votingSigner.publicKey, message, signature);
  return { epoch, ...ballot, signature: { signer, signature } };
}

/** Signs a commit of this epoch as member `signer` of the committee, whose settlement key it must be (§4). */
export async function signCommit(
  context: VerificationContext,
  ballot: Ballot,
  signer: number,
  settlementSigner: Secp256k1Signer,
): Promise<SignedBallot> {
  const { epoch } = context.committee;
  const digest = commitDigest({ separator: context.separator, epoch }, ballot);
  const signature = await settlementSigner.sign(digest);
  context.verifiedSignatures.add(settlementSigner.address, bytesOf(digest), signature);
  return { epoch, ...ballot, signature: { signer, signature } };
}
