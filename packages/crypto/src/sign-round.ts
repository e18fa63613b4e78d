import {
  type Ballot,
  driverBytes,
  type Hash,
  type Lock,
  newRoundDigest,
  promiseBytes,
  proposeDigest,
  type SignedNewRound,
  type SignedOrder,
  type SignedPromise,
  type SignedProposal,
  type SignerSignature,
  type SigningContext,
  type Slot,
} from '@fastpay/protocol';
import type { VerificationContext } from './context.ts';
import type { PayerSigner, VotingSigner } from './engine.ts';

/** The messages of a higher round (§4, §5 rule 4), as the owner, a driver or a validator signs them. */

/** The owner's call to open `round`, 1 ≤ round < limits.firstExitRound. */
export async function signNewRound(
  context: VerificationContext,
  slot: Slot,
  round: number,
  owner: PayerSigner,
): Promise<SignedNewRound> {
  const signing = signingContext(context);
  const signature = await owner.sign(newRoundDigest(signing, slot, round));
  return { epoch: signing.epoch, slot, round, authority: { type: 'owner', signature } };
}

/** The owner's proposal of a value for a round that was promised; with the order, unless the value is SKIP. */
export async function signProposal(
  context: VerificationContext,
  { slot, round, value }: Ballot,
  signedOrder: SignedOrder | undefined,
  owner: PayerSigner,
): Promise<SignedProposal> {
  const signing = signingContext(context);
  const signature = await owner.sign(proposeDigest(signing, { slot, round, value }));
  const authority = { type: 'owner', signature } as const;
  return { epoch: signing.epoch, slot, round, value, authority, ...(signedOrder && { signedOrder }) };
}

/**
 * What stands in the owner's place while an account exits (§5 rule 6): the driver's Ed25519 signature of the digest of
 * a NewRound or Propose.
 */
export async function signAsDriver(
  context: VerificationContext,
  digest: Hash,
  signer: number,
  votingSigner: VotingSigner,
): Promise<SignerSignature> {
  const message = driverBytes(signingContext(context), digest);
  const signature = await votingSigner.sign(message);
  context.verifiedSignatures.add(votingSigner.publicKey, message, signature);
  return { signer, signature };
}

/** Signs a promise of this epoch as member `signer` of the committee, whose voting key it must be (§4). */
export async function signPromise(
  context: VerificationContext,
  { slot, round, lock }: { readonly slot: Slot; readonly round: number; readonly lock?: Lock | undefined },
  signer: number,
  votingSigner: VotingSigner,
): Promise<SignedPromise> {
  const signing = signingContext(context);
  const message = promiseBytes(signing, slot, round, lock);
  const signature = await votingSigner.sign(message);
  context.verifiedSignatures.add(votingSigner.publicKey, message, signature);
  return { epoch: signing.epoch, slot, round, ...(lock && { lock }), signature: { signer, signature } };
}

function signingContext({ separator, committee }: VerificationContext): SigningContext {
  return { separator, epoch: committee.epoch };
}
