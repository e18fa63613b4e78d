import {
  encodeCertificate,
  encodeSignedOrder,
  type RejectCode,
  RejectError,
  rejectMeanings,
  toHex,
} from '@fastpay/protocol';
import fc from 'fast-check';
import {
  anyAccount,
  anyAddress,
  anyBlock,
  anyBytes,
  anyCertificate,
  anyChainHead,
  anyCommit,
  anyCommitCertificate,
  anyEvidence,
  anyExitChange,
  anyHash,
  anyLock,
  anyMillis,
  anyNewRound,
  anyOrder,
  anyPromise,
  anyProposal,
  anyProvenPromise,
  anyQuorumCertificate,
  anyRoundAuthority,
  anyRoundProposal,
  anySettlement,
  anySignedOrder,
  anySigner,
  anySignerSignature,
  anySlot,
  anyStage,
  anyStatement,
  anyU64,
  anyVote,
} from './arbitraries.fixtures.ts';
import * as relay from './gen/fastpay/v1/relay_pb.ts';
import * as types from './gen/fastpay/v1/types_pb.ts';
import * as validator from './gen/fastpay/v1/validator_pb.ts';
import * as rpc from './index.ts';
import { type WireMessage, wireMessage } from './wire-message.fixtures.ts';

/** An optional property that is absent rather than undefined. */
const optional = <Key extends string, Value>(key: Key, value: fc.Arbitrary<Value>) =>
  fc.record({ [key]: value } as Record<Key, fc.Arbitrary<Value>>, { requiredKeys: [] }) as fc.Arbitrary<{
    [Name in Key]?: Value;
  }>;

function merged<Left extends object, Right extends object>(left: fc.Arbitrary<Left>, right: fc.Arbitrary<Right>) {
  return fc.tuple(left, right).map(([a, b]): Left & Right => ({ ...a, ...b }));
}

export const anyReject = fc
  .record({
    code: fc.constantFrom(...(Object.keys(rejectMeanings) as RejectCode[])),
    message: fc.string({ maxLength: 100 }),
    facts: fc.record(
      {
        expectedSequence: anyU64,
        balance: fc.bigInt(-(1n << 127n), (1n << 127n) - 1n),
        requiredFee: anyU64,
        promisedRound: fc.nat({ max: 0xffff_ffff }),
        missingParents: fc.array(anyHash, { minLength: 1, maxLength: 8 }),
        storedOrder: anySignedOrder.map(encodeSignedOrder),
        commitCertificate: anyCommitCertificate.map(encodeCertificate),
        retryAfterMs: fc.nat({ max: 86_400_000 }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ code, message, facts }) => new RejectError(code, message, facts));

const anyDeposit = fc.record({ index: anyU64, account: anyAccount, amount: anyU64, block: anyBlock });
const anyChange = merged(
  fc.record({ transactionHash: anyHash, stage: anyStage, slot: anySlot }),
  optional('settlement', anySettlement),
);
const resolved = anyCommitCertificate.map((certificate) => ({ type: 'resolved', certificate }) as const);
const deposited = anyDeposit.map((deposit) => ({ type: 'deposited', deposit }) as const);
const settled = anyChange.map((change) => ({ type: 'settlement', ...change }) as const);
const exited = anyExitChange.map((exit) => ({ type: 'exit', exit }) as const);
const proven = anyEvidence.map((evidence) => ({ type: 'evidence', evidence }) as const);
const anyFailure = fc.record({ signer: anySigner, reject: anyReject });
const paid = anyCommitCertificate.map((certificate) => ({ type: 'paid', certificate }) as const);
const quorum = anyQuorumCertificate.map((certificate) => ({ type: 'quorum', certificate }) as const);
const voted = anyVote.map((vote) => ({ type: 'vote', vote }) as const);
const committed = anyCommit.map((commit) => ({ type: 'commit', commit }) as const);

const anyInfo: fc.Arbitrary<rpc.ValidatorInfo> = merged(
  fc.record({
    name: fc.string({ maxLength: 32 }),
    signer: anySigner,
    votingKey: anyHash,
    settlementAddress: anyAddress,
    stake: anyU64,
    epoch: anyU64,
    domainSeparator: anyHash,
    committeeHash: anyHash,
    version: fc.string({ maxLength: 64 }),
    uptimeMs: anyMillis,
    votesSigned: anyU64,
    commitsSigned: anyU64,
    slotsResolved: anyU64,
    lastSignedAtMs: anyMillis,
    observing: fc.boolean(),
  }),
  optional('chainHead', anyChainHead),
);

const anyI128 = fc.bigInt(-(1n << 127n), (1n << 127n) - 1n);
const anyOverlay = fc.record({ onChain: anyI128, unsettledIn: anyI128, unsettledOut: anyI128 });
const attachments = fc.array(anyCommitCertificate, { maxLength: 3 });
const roundSubmission = fc.record({ newRound: anyNewRound, attachments });
const proposalSubmission = merged(anyRoundProposal, fc.record({ attachments }));

const submission = fc.record({
  signedOrder: anySignedOrder,
  attachments: fc.array(anyCommitCertificate, { maxLength: 3 }),
});

const anyRawTransaction = anyBytes(300).map(toHex);
const anyOffer = fc.record({
  name: fc.string({ minLength: 1, maxLength: 40 }),
  feePayer: anyAddress,
  feeToken: anyAddress,
  gas: anyU64,
  maxFeePerGas: anyU64,
  lifeSeconds: anyU64,
  minimumAmount: anyU64,
});

export const wireMessages: readonly WireMessage[] = [
  wireMessage(relay.SponsorOfferSchema, anyOffer, rpc.sponsorOfferToProto, rpc.sponsorOfferFromProto),
  wireMessage(
    relay.SponsorDepositRequestSchema,
    anyRawTransaction,
    rpc.sponsorDepositRequestToProto,
    rpc.sponsorDepositRequestFromProto,
  ),
  wireMessage(
    relay.SponsorDepositResponseSchema,
    fc.record({ rawTransaction: anyRawTransaction, transactionHash: anyHash }),
    rpc.sponsoredTransactionToProto,
    rpc.sponsoredTransactionFromProto,
  ),
  wireMessage(types.PaymentOrderSchema, anyOrder, rpc.orderToProto, rpc.orderFromProto),
  wireMessage(types.SignedOrderSchema, anySignedOrder, rpc.signedOrderToProto, rpc.signedOrderFromProto),
  wireMessage(types.SlotSchema, anySlot, rpc.slotToProto, rpc.slotFromProto),
  wireMessage(types.VoteSchema, anyVote, rpc.voteToProto, rpc.voteFromProto),
  wireMessage(types.CommitSchema, anyCommit, rpc.commitToProto, rpc.commitFromProto),
  wireMessage(types.CertificateSchema, anyCertificate, rpc.certificateToProto, rpc.certificateFromProto),
  wireMessage(types.BlockReferenceSchema, anyBlock, rpc.blockReferenceToProto, rpc.blockReferenceFromProto),
  wireMessage(types.ChainHeadSchema, anyChainHead, rpc.chainHeadToProto, rpc.chainHeadFromProto),
  wireMessage(types.SettlementSchema, anySettlement, rpc.settlementToProto, rpc.settlementFromProto),
  wireMessage(types.AccountStatementSchema, anyStatement, rpc.statementToProto, rpc.statementFromProto),
  wireMessage(
    types.AccountAnswerSchema,
    merged(
      merged(fc.record({ signed: anyStatement, known: fc.boolean() }), optional('pendingOrder', anySignedOrder)),
      merged(optional('exitReadyAt', anyU64), optional('overlay', anyOverlay)),
    ),
    rpc.accountAnswerToProto,
    rpc.accountAnswerFromProto,
  ),
  wireMessage(types.DepositSchema, anyDeposit, rpc.depositToProto, rpc.depositFromProto),
  wireMessage(types.SettlementChangeSchema, anyChange, rpc.settlementChangeToProto, rpc.settlementChangeFromProto),
  wireMessage(
    types.BulletinEntrySchema,
    fc.record({ cursor: anyU64, event: fc.oneof(resolved, deposited, settled, exited, proven) }),
    rpc.bulletinEntryToProto,
    rpc.bulletinEntryFromProto,
  ),
  wireMessage(
    types.BulletinFilterSchema,
    merged(optional('transactionHash', anyHash), optional('owner', anyAddress)),
    rpc.bulletinFilterToProto,
    rpc.bulletinFilterFromProto,
  ),
  wireMessage(
    types.PaymentSchema,
    merged(
      fc.record({ transactionHash: anyHash, stage: anyStage, signedOrder: anySignedOrder }),
      merged(optional('commitCertificate', anyCommitCertificate), optional('settlement', anySettlement)),
    ),
    rpc.paymentToProto,
    rpc.paymentFromProto,
  ),
  wireMessage(types.RejectSchema, anyReject, rpc.rejectToProto, rpc.rejectFromProto),
  wireMessage(
    validator.SubmitOrderRequestSchema,
    submission,
    rpc.submitOrderRequestToProto,
    rpc.orderSubmissionFromProto,
  ),
  wireMessage(
    relay.SubmitPaymentRequestSchema,
    submission,
    rpc.submitPaymentRequestToProto,
    rpc.orderSubmissionFromProto,
  ),
  wireMessage(
    validator.SubmitQuorumCertificateRequestSchema,
    fc.record({ certificate: anyQuorumCertificate, attachments: fc.array(anyCommitCertificate, { maxLength: 3 }) }),
    rpc.quorumSubmissionToProto,
    rpc.quorumSubmissionFromProto,
  ),
  wireMessage<rpc.VoteAnswer, typeof validator.SubmitOrderResponseSchema>(
    validator.SubmitOrderResponseSchema,
    fc.oneof(voted, resolved),
    rpc.voteAnswerToProto,
    rpc.voteAnswerFromProto,
  ),
  wireMessage<rpc.CommitAnswer, typeof validator.SubmitQuorumCertificateResponseSchema>(
    validator.SubmitQuorumCertificateResponseSchema,
    fc.oneof(committed, resolved),
    rpc.commitAnswerToProto,
    rpc.commitAnswerFromProto,
  ),
  wireMessage<rpc.PaymentStep, typeof validator.StreamPaymentResponseSchema>(
    validator.StreamPaymentResponseSchema,
    merged(
      fc.record({ stage: anyStage, unixMillis: anyU64, transactionHash: anyHash }),
      optional(
        'evidence',
        fc.oneof(
          voted,
          quorum,
          paid,
          anySettlement.map((settlement) => ({ type: 'settlement', settlement }) as const),
        ),
      ),
    ),
    rpc.paymentStepToProto,
    rpc.paymentStepFromProto,
  ),
  wireMessage(types.RoundAuthoritySchema, anyRoundAuthority, rpc.roundAuthorityToProto, rpc.roundAuthorityFromProto),
  wireMessage(types.NewRoundSchema, anyNewRound, rpc.newRoundToProto, rpc.newRoundFromProto),
  wireMessage(types.ProposalSchema, anyProposal, rpc.proposalToProto, rpc.proposalFromProto),
  wireMessage(types.LockSchema, anyLock, rpc.lockToProto, rpc.lockFromProto),
  wireMessage(types.PromiseSchema, anyPromise, rpc.promiseToProto, rpc.promiseFromProto),
  wireMessage(types.ProvenPromiseSchema, anyProvenPromise, rpc.provenPromiseToProto, rpc.provenPromiseFromProto),
  wireMessage(types.RoundProposalSchema, anyRoundProposal, rpc.roundProposalToProto, rpc.roundProposalFromProto),
  wireMessage(types.EvidenceSchema, anyEvidence, rpc.evidenceToProto, rpc.evidenceFromProto),
  wireMessage(types.ExitChangeSchema, anyExitChange, rpc.exitChangeToProto, rpc.exitChangeFromProto),
  wireMessage(
    validator.OpenRoundRequestSchema,
    roundSubmission,
    rpc.openRoundRequestToProto,
    rpc.roundSubmissionFromProto,
  ),
  wireMessage(
    relay.CollectPromisesRequestSchema,
    roundSubmission,
    rpc.collectPromisesRequestToProto,
    rpc.roundSubmissionFromProto,
  ),
  wireMessage(
    validator.SubmitProposalRequestSchema,
    proposalSubmission,
    rpc.submitProposalRequestToProto,
    rpc.proposalSubmissionFromProto,
  ),
  wireMessage(
    relay.SubmitRoundProposalRequestSchema,
    proposalSubmission,
    rpc.submitRoundProposalRequestToProto,
    rpc.proposalSubmissionFromProto,
  ),
  wireMessage<rpc.PromiseAnswer, typeof validator.OpenRoundResponseSchema>(
    validator.OpenRoundResponseSchema,
    fc.oneof(
      anyProvenPromise.map((promise) => ({ type: 'promise', proven: promise }) as const),
      resolved,
    ),
    rpc.promiseAnswerToProto,
    rpc.promiseAnswerFromProto,
  ),
  wireMessage<rpc.VoteAnswer, typeof validator.SubmitProposalResponseSchema>(
    validator.SubmitProposalResponseSchema,
    fc.oneof(voted, resolved),
    rpc.roundVoteAnswerToProto,
    rpc.roundVoteAnswerFromProto,
  ),
  wireMessage<rpc.CollectedPromises, typeof relay.CollectPromisesResponseSchema>(
    relay.CollectPromisesResponseSchema,
    merged(
      fc.record({
        promises: fc.array(anyProvenPromise, { maxLength: 4 }),
        failures: fc.array(anyFailure, { maxLength: 2 }),
      }),
      optional('certificate', anyCommitCertificate),
    ),
    rpc.collectedPromisesToProto,
    rpc.collectedPromisesFromProto,
  ),
  wireMessage<rpc.CertificatePage, typeof validator.ListCertificatesResponseSchema>(
    validator.ListCertificatesResponseSchema,
    fc.record({
      certificates: fc.array(anyCommitCertificate, { maxLength: 4 }),
      nextCursor: anyU64,
      hasMore: fc.boolean(),
      storeId: anyBytes(rpc.STORE_ID_BYTES),
    }),
    rpc.certificatePageToProto,
    rpc.certificatePageFromProto,
  ),
  wireMessage<rpc.FundingClosure, typeof validator.GetFundingClosureResponseSchema>(
    validator.GetFundingClosureResponseSchema,
    fc.record({ certificates: fc.array(anyCommitCertificate, { maxLength: 4 }), complete: fc.boolean() }),
    rpc.fundingClosureToProto,
    rpc.fundingClosureFromProto,
  ),
  wireMessage(
    validator.AttestBatchRequestSchema,
    fc.record({
      epoch: anyU64,
      entries: fc.array(
        fc
          .tuple(anySlot, anyHash)
          .map(([{ owner, asset, sequence }, value]) => ({ account: owner, asset, sequence, value })),
        { maxLength: 4 },
      ),
    }),
    rpc.attestationRequestToProto,
    rpc.attestationRequestFromProto,
  ),
  wireMessage(
    validator.AttestBatchResponseSchema,
    anySignerSignature(65),
    rpc.attestationToProto,
    rpc.attestationFromProto,
  ),
  wireMessage(validator.GetValidatorInfoResponseSchema, anyInfo, rpc.validatorInfoToProto, rpc.validatorInfoFromProto),
  wireMessage(
    relay.ValidatorStatusSchema,
    merged(
      fc.record({
        signer: anySigner,
        reachable: fc.boolean(),
        latencyMs: fc.double({ noNaN: true, min: 0 }),
        error: fc.string({ maxLength: 100 }),
        checkedAtMs: anyMillis,
      }),
      optional('info', anyInfo),
    ),
    rpc.validatorStatusToProto,
    rpc.validatorStatusFromProto,
  ),
  wireMessage<rpc.PaymentStatus, typeof relay.GetPaymentStatusResponseSchema>(
    relay.GetPaymentStatusResponseSchema,
    merged(
      merged(
        fc.record({ voteCount: anySigner, commitCount: anySigner }),
        merged(optional('stage', anyStage), optional('signedOrder', anySignedOrder)),
      ),
      merged(
        optional('quorumCertificate', anyQuorumCertificate),
        merged(optional('commitCertificate', anyCommitCertificate), optional('settlement', anySettlement)),
      ),
    ),
    rpc.paymentStatusToProto,
    rpc.paymentStatusFromProto,
  ),
  wireMessage(relay.ValidatorFailureSchema, anyFailure, rpc.validatorFailureToProto, rpc.validatorFailureFromProto),
  wireMessage<rpc.PaymentEvent, typeof relay.PaymentEventSchema>(
    relay.PaymentEventSchema,
    fc.oneof(
      voted,
      quorum,
      committed,
      paid,
      anyFailure.map((failure) => ({ type: 'failure', ...failure }) as const),
      anyReject.map((reject) => ({ type: 'stalled', reject }) as const),
    ),
    (event) => rpc.paymentEventToProto(event, 7n),
    rpc.paymentEventFromProto,
  ),
  wireMessage<rpc.AccountEvent, typeof relay.WatchAccountResponseSchema>(
    relay.WatchAccountResponseSchema,
    fc.oneof(
      resolved,
      deposited,
      settled,
      exited,
      anyU64.map((unixMillis) => ({ type: 'keepAlive', unixMillis }) as const),
    ),
    rpc.accountEventToProto,
    rpc.accountEventFromProto,
  ),
];
