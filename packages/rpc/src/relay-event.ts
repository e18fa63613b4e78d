import { create } from '@bufbuild/protobuf';
import {
  type CommitCertificate,
  limits,
  type QuorumCertificate,
  type RejectError,
  type SignedBallot,
} from '@fastpay/protocol';
import { commitFromProto, commitToProto, voteFromProto, voteToProto } from './ballot.ts';
import {
  type Deposit,
  depositFromProto,
  depositToProto,
  type SettlementChange,
  settlementChangeFromProto,
  settlementChangeToProto,
} from './bulletin.ts';
import { certificateToProto, commitCertificateFromProto, quorumCertificateFromProto } from './certificate.ts';
import { type ExitChange, exitChangeFromProto, exitChangeToProto } from './exit.ts';
import { indexField, invalidField, requiredField, u64Field } from './fields.ts';
import * as pb from './gen/fastpay/v1/relay_pb.ts';
import { rejectFromProto, rejectToProto } from './reject.ts';

/** One validator refused, or did not answer (TEMPORARILY_UNAVAILABLE). */
export interface ValidatorFailure {
  readonly signer: number;
  readonly reject: RejectError;
}

/** What comes back while a relay drives a payment; nothing in it is believed before it is verified (§7 rule 4). */
export type PaymentEvent =
  | { readonly type: 'vote'; readonly vote: SignedBallot }
  | { readonly type: 'quorum'; readonly certificate: QuorumCertificate }
  | { readonly type: 'commit'; readonly commit: SignedBallot }
  | { readonly type: 'paid'; readonly certificate: CommitCertificate }
  | ({ readonly type: 'failure' } & ValidatorFailure)
  | { readonly type: 'stalled'; readonly reject: RejectError };

/** What a relay streams about one owner. */
export type AccountEvent =
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate }
  | { readonly type: 'deposited'; readonly deposit: Deposit }
  | ({ readonly type: 'settlement' } & SettlementChange)
  | { readonly type: 'exit'; readonly exit: ExitChange }
  | { readonly type: 'keepAlive'; readonly unixMillis: bigint };

export function validatorFailureToProto({ signer, reject }: ValidatorFailure): pb.ValidatorFailure {
  return create(pb.ValidatorFailureSchema, { signer, reject: rejectToProto(reject) });
}

/** @throws RejectError INVALID_FORMAT. */
export function validatorFailureFromProto(message: pb.ValidatorFailure | undefined, at = 'failure'): ValidatorFailure {
  const { signer, reject } = requiredField(message, at);
  return {
    signer: indexField(signer, limits.committeeSize, `${at}.signer`),
    reject: rejectFromProto(reject, `${at}.reject`),
  };
}

/** `unixMillis` is the relay's clock, for display only. */
export function paymentEventToProto(event: PaymentEvent, unixMillis: bigint): pb.PaymentEvent {
  return create(pb.PaymentEventSchema, { unixMillis, step: stepToProto(event) });
}

function stepToProto(event: PaymentEvent): pb.PaymentEvent['step'] {
  switch (event.type) {
    case 'vote':
      return { case: 'vote', value: voteToProto(event.vote) };
    case 'quorum':
      return { case: 'quorumCertificate', value: certificateToProto(event.certificate) };
    case 'commit':
      return { case: 'commit', value: commitToProto(event.commit) };
    case 'paid':
      return { case: 'commitCertificate', value: certificateToProto(event.certificate) };
    case 'failure':
      return { case: 'failure', value: validatorFailureToProto(event) };
    case 'stalled':
      return { case: 'stalled', value: rejectToProto(event.reject) };
  }
}

/** @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function paymentEventFromProto({ step }: pb.PaymentEvent): PaymentEvent {
  switch (step.case) {
    case 'vote':
      return { type: 'vote', vote: voteFromProto(step.value) };
    case 'quorumCertificate':
      return { type: 'quorum', certificate: quorumCertificateFromProto(step.value) };
    case 'commit':
      return { type: 'commit', commit: commitFromProto(step.value) };
    case 'commitCertificate':
      return { type: 'paid', certificate: commitCertificateFromProto(step.value) };
    case 'failure':
      return { type: 'failure', ...validatorFailureFromProto(step.value) };
    case 'stalled':
      return { type: 'stalled', reject: rejectFromProto(step.value, 'stalled') };
    case undefined:
      throw invalidField('step', 'is missing');
  }
}

export function accountEventToProto(event: AccountEvent): pb.WatchAccountResponse {
  return create(pb.WatchAccountResponseSchema, { event: accountEventCase(event) });
}

function accountEventCase(event: AccountEvent): pb.WatchAccountResponse['event'] {
  switch (event.type) {
    case 'resolved':
      return { case: 'resolved', value: certificateToProto(event.certificate) };
    case 'deposited':
      return { case: 'deposited', value: depositToProto(event.deposit) };
    case 'settlement':
      return { case: 'settlement', value: settlementChangeToProto(event) };
    case 'exit':
      return { case: 'exit', value: exitChangeToProto(event.exit) };
    case 'keepAlive':
      return { case: 'keepAlive', value: create(pb.KeepAliveSchema, { unixMillis: event.unixMillis }) };
  }
}

/** @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function accountEventFromProto({ event }: pb.WatchAccountResponse): AccountEvent {
  switch (event.case) {
    case 'resolved':
      return { type: 'resolved', certificate: commitCertificateFromProto(event.value, 'resolved') };
    case 'deposited':
      return { type: 'deposited', deposit: depositFromProto(event.value) };
    case 'settlement':
      return { type: 'settlement', ...settlementChangeFromProto(event.value) };
    case 'exit':
      return { type: 'exit', exit: exitChangeFromProto(event.value) };
    case 'keepAlive':
      return { type: 'keepAlive', unixMillis: u64Field(event.value.unixMillis, 'keep_alive.unix_millis') };
    case undefined:
      throw invalidField('event', 'is missing');
  }
}
