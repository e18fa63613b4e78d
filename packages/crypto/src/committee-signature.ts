import {
  type Ballot,
  bytesOf,
  type CommitteeMember,
  commitDigest,
  type Hash,
  limits,
  promiseBytes,
  RejectError,
  type SignedPromise,
  type SignerSignature,
  voteBytes,
} from '@fastpay/protocol';
import type { VerificationContext } from './context.ts';
import { ED25519_SIGNATURE_BYTES } from './ed25519.ts';
import type { Awaitable } from './engine.ts';
import { SECP256K1_SIGNATURE_BYTES } from './secp256k1.ts';

/** Checks single signatures of committee members over one message, which is serialized once. */
export type SignatureCheck = (member: CommitteeMember, signature: SignerSignature) => Awaitable<boolean>;

/** Ed25519 by a voting key over `message`. */
export function votingKeyCheck(
  { engine, verifiedSignatures }: VerificationContext,
  message: Uint8Array,
): SignatureCheck {
  return ({ votingKey }, { signature }) => {
    if (signature.length !== ED25519_SIGNATURE_BYTES) return false;
    if (verifiedSignatures.has(votingKey, message, signature)) return true;
    const remember = (valid: boolean) => {
      if (valid) verifiedSignatures.add(votingKey, message, signature);
      return valid;
    };
    const valid = engine.ed25519Verify(bytesOf(votingKey), message, signature);
    return typeof valid === 'boolean' ? remember(valid) : valid.then(remember);
  };
}

/** secp256k1 by a settlement key over `digest`. */
function settlementKeyCheck({ engine, verifiedSignatures }: VerificationContext, digest: Hash): SignatureCheck {
  const message = bytesOf(digest);
  return ({ settlementAddress }, { signature }) => {
    if (signature.length !== SECP256K1_SIGNATURE_BYTES) return false;
    if (verifiedSignatures.has(settlementAddress, message, signature)) return true;
    const valid = engine.secp256k1Recover(message, signature) === settlementAddress;
    if (valid) verifiedSignatures.add(settlementAddress, message, signature);
    return valid;
  };
}

export function voteCheck(context: VerificationContext, ballot: Ballot, epoch: bigint): SignatureCheck {
  return votingKeyCheck(context, voteBytes({ separator: context.separator, epoch }, ballot));
}

export function commitCheck(context: VerificationContext, ballot: Ballot, epoch: bigint): SignatureCheck {
  return settlementKeyCheck(context, commitDigest({ separator: context.separator, epoch }, ballot));
}

export function promiseCheck(
  context: VerificationContext,
  { epoch, slot, round, lock }: SignedPromise,
): SignatureCheck {
  return votingKeyCheck(context, promiseBytes({ separator: context.separator, epoch }, slot, round, lock));
}

/** @throws RejectError INVALID_FORMAT unless the round is a whole number in range (§4). */
export function assertValidRound(round: number): void {
  if (!Number.isInteger(round) || round < 0 || round > limits.maxRound) {
    throw new RejectError('INVALID_FORMAT', `a round is a whole number from 0 to ${limits.maxRound}`);
  }
}

/** @throws RejectError INVALID_SIGNATURE when the epoch is another or the committee has no such signer. */
export function memberThatSigned(context: VerificationContext, epoch: bigint, signer: number): CommitteeMember {
  if (epoch !== context.committee.epoch) {
    throw new RejectError('INVALID_SIGNATURE', `the committee of epoch ${epoch} is not the one that signs now`);
  }
  const member = context.committee.members[signer];
  if (!member) throw new RejectError('INVALID_SIGNATURE', `the committee has no signer ${signer}`);
  return member;
}
