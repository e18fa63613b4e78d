import { create } from '@bufbuild/protobuf';
import { type Ballot, bytesOf, limits, type SignedBallot, type SignerSignature, type Slot } from '@fastpay/protocol';
import {
  addressField,
  bytesField,
  hashField,
  indexField,
  numberField,
  requiredField,
  sequenceField,
  u64Field,
} from './fields.ts';
import * as pb from './gen/fastpay/v1/types_pb.ts';

/** Ed25519 signatures (votes, statements) have 64 bytes, secp256k1 signatures r‖s‖v (commits) 65. */
export const ED25519_BYTES = 64;
export const SECP256K1_BYTES = 65;

export function slotToProto(slot: Slot): pb.Slot {
  return create(pb.SlotSchema, { owner: bytesOf(slot.owner), asset: bytesOf(slot.asset), sequence: slot.sequence });
}

/** @throws RejectError INVALID_FORMAT. */
export function slotFromProto(message: pb.Slot | undefined, at = 'slot'): Slot {
  const slot = requiredField(message, at);
  return {
    owner: addressField(slot.owner, `${at}.owner`),
    asset: addressField(slot.asset, `${at}.asset`),
    sequence: sequenceField(slot.sequence, `${at}.sequence`),
  };
}

export function ballotToProto(ballot: Ballot): pb.Ballot {
  return create(pb.BallotSchema, {
    slot: slotToProto(ballot.slot),
    round: BigInt(ballot.round),
    value: bytesOf(ballot.value),
  });
}

/** @throws RejectError INVALID_FORMAT. */
export function ballotFromProto(message: pb.Ballot | undefined, at = 'ballot'): Ballot {
  const ballot = requiredField(message, at);
  return {
    slot: slotFromProto(ballot.slot, `${at}.slot`),
    round: numberField(ballot.round, limits.maxRound, `${at}.round`),
    value: hashField(ballot.value, `${at}.value`),
  };
}

export function signerSignatureToProto({ signer, signature }: SignerSignature): pb.SignerSignature {
  return create(pb.SignerSignatureSchema, { signer, signature });
}

/** @throws RejectError INVALID_FORMAT. */
export function signerSignatureFromProto(
  message: pb.SignerSignature | undefined,
  length: number,
  at = 'signature',
): SignerSignature {
  const { signer, signature } = requiredField(message, at);
  return {
    signer: indexField(signer, limits.committeeSize, `${at}.signer`),
    signature: bytesField(signature, length, `${at}.signature`),
  };
}

function signedBallotToInit(signed: SignedBallot) {
  return {
    epoch: signed.epoch,
    ballot: ballotToProto(signed),
    signature: signerSignatureToProto(signed.signature),
  };
}

function signedBallotFromProto(message: pb.Vote | pb.Commit, signatureBytes: number, at: string): SignedBallot {
  return {
    epoch: u64Field(message.epoch, `${at}.epoch`),
    ...ballotFromProto(message.ballot, `${at}.ballot`),
    signature: signerSignatureFromProto(message.signature, signatureBytes, `${at}.signature`),
  };
}

export function voteToProto(vote: SignedBallot): pb.Vote {
  return create(pb.VoteSchema, signedBallotToInit(vote));
}

/** The signature is still to be verified. @throws RejectError INVALID_FORMAT. */
export function voteFromProto(message: pb.Vote | undefined, at = 'vote'): SignedBallot {
  return signedBallotFromProto(requiredField(message, at), ED25519_BYTES, at);
}

export function commitToProto(commit: SignedBallot): pb.Commit {
  return create(pb.CommitSchema, signedBallotToInit(commit));
}

/** The signature is still to be verified. @throws RejectError INVALID_FORMAT. */
export function commitFromProto(message: pb.Commit | undefined, at = 'commit'): SignedBallot {
  return signedBallotFromProto(requiredField(message, at), SECP256K1_BYTES, at);
}
