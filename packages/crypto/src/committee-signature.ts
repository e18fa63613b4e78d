import {
  type Address,
  type Ballot,
  bytesOf,
  type CommitteeMember,
  commitDigest,
  type Hash,
  limits,
  RejectError,
  type SignerSignature,
  voteBytes,
} from '@fastpay/protocol';
import { binaryKey } from './bounded-cache.ts';
import type { VerificationContext } from './context.ts';
import { ED25519_SIGNATURE_BYTES } from './ed25519.ts';
import type { Awaitable } from './engine.ts';
import { SECP256K1_SIGNATURE_BYTES } from './secp256k1.ts';

/** Checks single signatures of committee members over one message, which is serialized once. */
export type SignatureCheck = (member: CommitteeMember, signature: SignerSignature) => Awaitable<boolean>;

/** Ed25519 by a voting key over `message`. */
export function votingKeyCheck(context: VerificationContext, message: Uint8Array): SignatureCheck {
  const messageKey = binaryKey(message);
  return (member, { signature }) => {
    if (signature.length !== ED25519_SIGNATURE_BYTES) return false;
    const memory = votingMemory(member.votingKey, messageKey, signature);
    if (context.verified.has(memory)) return true;
    const remember = (valid: boolean) => {
      if (valid) context.verified.set(memory, true);
      return valid;
    };
    const valid = context.engine.ed25519Verify(bytesOf(member.votingKey), message, signature);
    return typeof valid === 'boolean' ? remember(valid) : valid.then(remember);
  };
}

/** secp256k1 by a settlement key over `digest`. */
export function settlementKeyCheck(context: VerificationContext, digest: Hash): SignatureCheck {
  const digestBytes = bytesOf(digest);
  return (member, { signature }) => {
    if (signature.length !== SECP256K1_SIGNATURE_BYTES) return false;
    const memory = settlementMemory(member.settlementAddress, digest, signature);
    if (context.verified.has(memory)) return true;
    const valid = context.engine.secp256k1Recover(digestBytes, signature) === member.settlementAddress;
    if (valid) context.verified.set(memory, true);
    return valid;
  };
}

/** Names one Ed25519 signature in `VerificationContext.verified`. */
export function votingMemory(votingKey: Hash, messageKey: string, signature: Uint8Array): string {
  return `ed25519/${votingKey}/${binaryKey(signature)}/${messageKey}`;
}

/** Names one secp256k1 signature in `VerificationContext.verified`. */
export function settlementMemory(settlementAddress: Address, digest: Hash, signature: Uint8Array): string {
  return `secp256k1/${settlementAddress}/${binaryKey(signature)}/${digest}`;
}

export function voteCheck(context: VerificationContext, ballot: Ballot, epoch: bigint): SignatureCheck {
  return votingKeyCheck(context, voteBytes({ separator: context.separator, epoch }, ballot));
}

export function commitCheck(context: VerificationContext, ballot: Ballot, epoch: bigint): SignatureCheck {
  return settlementKeyCheck(context, commitDigest({ separator: context.separator, epoch }, ballot));
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
