import { create } from '@bufbuild/protobuf';
import {
  limits,
  type ProvenPromise,
  type RoundAuthority,
  type RoundProposal,
  type SignedNewRound,
  type SignedPromise,
  type SignedProposal,
  SKIP,
} from '@fastpay/protocol';
import {
  ballotFromProto,
  ballotToProto,
  ED25519_BYTES,
  signerSignatureFromProto,
  signerSignatureToProto,
  slotFromProto,
  slotToProto,
} from './ballot.ts';
import { certificateToProto, quorumCertificateFromProto } from './certificate.ts';
import { invalidField, listField, numberField, ownBytes, requiredField, u64Field } from './fields.ts';
import * as pb from './gen/fastpay/v1/types_pb.ts';
import { lockFromProto, lockToProto } from './lock.ts';
import { signedOrderFromProto, signedOrderToProto } from './order.ts';

/** The messages of higher rounds (§5 rule 4). Readers check the form only; signatures are still to be verified. */

export function roundAuthorityToProto(authority: RoundAuthority): pb.RoundAuthority {
  return create(pb.RoundAuthoritySchema, {
    by:
      authority.type === 'owner'
        ? { case: 'owner', value: authority.signature }
        : { case: 'driver', value: signerSignatureToProto(authority.signature) },
  });
}

/** @throws RejectError INVALID_FORMAT. */
export function roundAuthorityFromProto(message: pb.RoundAuthority | undefined, at = 'authority'): RoundAuthority {
  const { by } = requiredField(message, at);
  switch (by.case) {
    case 'owner':
      if (by.value.length > limits.payerSignatureBytes) {
        throw invalidField(`${at}.owner`, `has at most ${limits.payerSignatureBytes} bytes`);
      }
      return { type: 'owner', signature: ownBytes(by.value) };
    case 'driver':
      return { type: 'driver', signature: signerSignatureFromProto(by.value, ED25519_BYTES, `${at}.driver`) };
    case undefined:
      throw invalidField(at, 'names neither an owner nor a driver');
  }
}

export function newRoundToProto({ epoch, slot, round, authority }: SignedNewRound): pb.NewRound {
  return create(pb.NewRoundSchema, {
    epoch,
    slot: slotToProto(slot),
    round: BigInt(round),
    authority: roundAuthorityToProto(authority),
  });
}

/** @throws RejectError INVALID_FORMAT. */
export function newRoundFromProto(message: pb.NewRound | undefined, at = 'new_round'): SignedNewRound {
  const { epoch, slot, round, authority } = requiredField(message, at);
  return {
    epoch: u64Field(epoch, `${at}.epoch`),
    slot: slotFromProto(slot, `${at}.slot`),
    round: higherRound(numberField(round, limits.maxRound, `${at}.round`), `${at}.round`),
    authority: roundAuthorityFromProto(authority, `${at}.authority`),
  };
}

export function proposalToProto(proposal: SignedProposal): pb.Proposal {
  return create(pb.ProposalSchema, {
    epoch: proposal.epoch,
    ballot: ballotToProto(proposal),
    ...(proposal.signedOrder ? { signedOrder: signedOrderToProto(proposal.signedOrder) } : {}),
    authority: roundAuthorityToProto(proposal.authority),
  });
}

/** @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function proposalFromProto(message: pb.Proposal | undefined, at = 'proposal'): SignedProposal {
  const { epoch, ballot, signedOrder, authority } = requiredField(message, at);
  const body = {
    epoch: u64Field(epoch, `${at}.epoch`),
    ...ballotFromProto(ballot, `${at}.ballot`),
    authority: roundAuthorityFromProto(authority, `${at}.authority`),
  };
  higherRound(body.round, `${at}.ballot.round`);
  if (body.value !== SKIP) return { ...body, signedOrder: signedOrderFromProto(signedOrder, `${at}.signed_order`) };
  if (signedOrder) throw invalidField(`${at}.signed_order`, 'must be absent, as the value is SKIP');
  return body;
}

export function promiseToProto({ epoch, slot, round, lock, signature }: SignedPromise): pb.Promise {
  return create(pb.PromiseSchema, {
    epoch,
    slot: slotToProto(slot),
    round: BigInt(round),
    ...(lock ? { lock: lockToProto(lock) } : {}),
    signature: signerSignatureToProto(signature),
  });
}

/** @throws RejectError INVALID_FORMAT. */
export function promiseFromProto(message: pb.Promise | undefined, at = 'promise'): SignedPromise {
  const { epoch, slot, round, lock, signature } = requiredField(message, at);
  return {
    epoch: u64Field(epoch, `${at}.epoch`),
    slot: slotFromProto(slot, `${at}.slot`),
    round: higherRound(numberField(round, limits.maxRound, `${at}.round`), `${at}.round`),
    ...(lock ? { lock: lockFromProto(lock, `${at}.lock`) } : {}),
    signature: signerSignatureFromProto(signature, ED25519_BYTES, `${at}.signature`),
  };
}

export function provenPromiseToProto({ promise, lockCertificate }: ProvenPromise): pb.ProvenPromise {
  return create(pb.ProvenPromiseSchema, {
    promise: promiseToProto(promise),
    ...(lockCertificate ? { lockCertificate: certificateToProto(lockCertificate) } : {}),
  });
}

/** That the certificate proves the very lock is still to be verified. @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function provenPromiseFromProto(message: pb.ProvenPromise | undefined, at = 'promise'): ProvenPromise {
  const proven = requiredField(message, at);
  const promise = promiseFromProto(proven.promise, `${at}.promise`);
  if (promise.lock) {
    return { promise, lockCertificate: quorumCertificateFromProto(proven.lockCertificate, `${at}.lock_certificate`) };
  }
  if (proven.lockCertificate) throw invalidField(`${at}.lock_certificate`, 'must be absent, as there is no lock');
  return { promise };
}

export function roundProposalToProto({ proposal, promises, lockCertificates }: RoundProposal): pb.RoundProposal {
  return create(pb.RoundProposalSchema, {
    proposal: proposalToProto(proposal),
    promises: promises.map(promiseToProto),
    lockCertificates: lockCertificates.map(certificateToProto),
  });
}

/** @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function roundProposalFromProto(message: pb.RoundProposal | undefined, at = 'proposal'): RoundProposal {
  const { proposal, promises, lockCertificates } = requiredField(message, at);
  return {
    proposal: proposalFromProto(proposal, `${at}.proposal`),
    promises: listField(promises, limits.committeeSize, `${at}.promises`).map((promise, index) =>
      promiseFromProto(promise, `${at}.promises[${index}]`),
    ),
    lockCertificates: listField(lockCertificates, limits.committeeSize, `${at}.lock_certificates`).map(
      (certificate, index) => quorumCertificateFromProto(certificate, `${at}.lock_certificates[${index}]`),
    ),
  };
}

/** Round 0 is the normal course: nobody opens it, promises it or proposes in it. */
function higherRound(round: number, at: string): number {
  if (round === 0) throw invalidField(at, 'is at least 1');
  return round;
}
