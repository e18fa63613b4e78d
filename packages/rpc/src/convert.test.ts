import { create, type DescMessage, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { encodeCertificate, encodeSignedOrder, type RejectCode, RejectError, rejectMeanings } from '@fastpay/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
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

/** An optional property that is absent rather than undefined. */
const optional = <Key extends string, Value>(key: Key, value: fc.Arbitrary<Value>) =>
  fc.record({ [key]: value } as Record<Key, fc.Arbitrary<Value>>, { requiredKeys: [] }) as fc.Arbitrary<{
    [Name in Key]?: Value;
  }>;

function merged<Left extends object, Right extends object>(left: fc.Arbitrary<Left>, right: fc.Arbitrary<Right>) {
  return fc.tuple(left, right).map(([a, b]): Left & Right => ({ ...a, ...b }));
}

interface RoundTrip {
  readonly name: string;
  check(): void;
}

function roundTrip<Value, Desc extends DescMessage>(
  schema: Desc,
  arbitrary: fc.Arbitrary<Value>,
  toProto: (value: Value) => MessageShape<Desc>,
  fromProto: (message: MessageShape<Desc>) => Value,
): RoundTrip {
  return {
    name: schema.name,
    check: () =>
      fc.assert(
        fc.property(arbitrary, (value) => {
          const bytes = toBinary(schema, toProto(value));
          const back = fromProto(fromBinary(schema, bytes));
          expect(back).toEqual(value);
          expect(toBinary(schema, toProto(back))).toEqual(bytes);
        }),
        { numRuns: 30 },
      ),
  };
}

const anyReject = fc
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

const roundTrips: RoundTrip[] = [
  roundTrip(types.PaymentOrderSchema, anyOrder, rpc.orderToProto, rpc.orderFromProto),
  roundTrip(types.SignedOrderSchema, anySignedOrder, rpc.signedOrderToProto, rpc.signedOrderFromProto),
  roundTrip(types.SlotSchema, anySlot, rpc.slotToProto, rpc.slotFromProto),
  roundTrip(types.VoteSchema, anyVote, rpc.voteToProto, rpc.voteFromProto),
  roundTrip(types.CommitSchema, anyCommit, rpc.commitToProto, rpc.commitFromProto),
  roundTrip(types.CertificateSchema, anyCertificate, rpc.certificateToProto, rpc.certificateFromProto),
  roundTrip(types.BlockReferenceSchema, anyBlock, rpc.blockReferenceToProto, rpc.blockReferenceFromProto),
  roundTrip(types.ChainHeadSchema, anyChainHead, rpc.chainHeadToProto, rpc.chainHeadFromProto),
  roundTrip(types.SettlementSchema, anySettlement, rpc.settlementToProto, rpc.settlementFromProto),
  roundTrip(types.AccountStatementSchema, anyStatement, rpc.statementToProto, rpc.statementFromProto),
  roundTrip(
    types.AccountAnswerSchema,
    merged(
      merged(fc.record({ signed: anyStatement, known: fc.boolean() }), optional('pendingOrder', anySignedOrder)),
      merged(optional('exitReadyAt', anyU64), optional('overlay', anyOverlay)),
    ),
    rpc.accountAnswerToProto,
    rpc.accountAnswerFromProto,
  ),
  roundTrip(types.DepositSchema, anyDeposit, rpc.depositToProto, rpc.depositFromProto),
  roundTrip(types.SettlementChangeSchema, anyChange, rpc.settlementChangeToProto, rpc.settlementChangeFromProto),
  roundTrip(
    types.BulletinEntrySchema,
    fc.record({ cursor: anyU64, event: fc.oneof(resolved, deposited, settled, exited, proven) }),
    rpc.bulletinEntryToProto,
    rpc.bulletinEntryFromProto,
  ),
  roundTrip(
    types.BulletinFilterSchema,
    merged(optional('transactionHash', anyHash), optional('owner', anyAddress)),
    rpc.bulletinFilterToProto,
    rpc.bulletinFilterFromProto,
  ),
  roundTrip(
    types.PaymentSchema,
    merged(
      fc.record({ transactionHash: anyHash, stage: anyStage, signedOrder: anySignedOrder }),
      merged(optional('commitCertificate', anyCommitCertificate), optional('settlement', anySettlement)),
    ),
    rpc.paymentToProto,
    rpc.paymentFromProto,
  ),
  roundTrip(types.RejectSchema, anyReject, rpc.rejectToProto, rpc.rejectFromProto),
  roundTrip(
    validator.SubmitOrderRequestSchema,
    submission,
    rpc.submitOrderRequestToProto,
    rpc.orderSubmissionFromProto,
  ),
  roundTrip(
    relay.SubmitPaymentRequestSchema,
    submission,
    rpc.submitPaymentRequestToProto,
    rpc.orderSubmissionFromProto,
  ),
  roundTrip(
    validator.SubmitQuorumCertificateRequestSchema,
    fc.record({ certificate: anyQuorumCertificate, attachments: fc.array(anyCommitCertificate, { maxLength: 3 }) }),
    rpc.quorumSubmissionToProto,
    rpc.quorumSubmissionFromProto,
  ),
  roundTrip<rpc.VoteAnswer, typeof validator.SubmitOrderResponseSchema>(
    validator.SubmitOrderResponseSchema,
    fc.oneof(voted, resolved),
    rpc.voteAnswerToProto,
    rpc.voteAnswerFromProto,
  ),
  roundTrip<rpc.CommitAnswer, typeof validator.SubmitQuorumCertificateResponseSchema>(
    validator.SubmitQuorumCertificateResponseSchema,
    fc.oneof(committed, resolved),
    rpc.commitAnswerToProto,
    rpc.commitAnswerFromProto,
  ),
  roundTrip<rpc.PaymentStep, typeof validator.StreamPaymentResponseSchema>(
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
  roundTrip(types.RoundAuthoritySchema, anyRoundAuthority, rpc.roundAuthorityToProto, rpc.roundAuthorityFromProto),
  roundTrip(types.NewRoundSchema, anyNewRound, rpc.newRoundToProto, rpc.newRoundFromProto),
  roundTrip(types.ProposalSchema, anyProposal, rpc.proposalToProto, rpc.proposalFromProto),
  roundTrip(types.LockSchema, anyLock, rpc.lockToProto, rpc.lockFromProto),
  roundTrip(types.PromiseSchema, anyPromise, rpc.promiseToProto, rpc.promiseFromProto),
  roundTrip(types.ProvenPromiseSchema, anyProvenPromise, rpc.provenPromiseToProto, rpc.provenPromiseFromProto),
  roundTrip(types.RoundProposalSchema, anyRoundProposal, rpc.roundProposalToProto, rpc.roundProposalFromProto),
  roundTrip(types.EvidenceSchema, anyEvidence, rpc.evidenceToProto, rpc.evidenceFromProto),
  roundTrip(types.ExitChangeSchema, anyExitChange, rpc.exitChangeToProto, rpc.exitChangeFromProto),
  roundTrip(
    validator.OpenRoundRequestSchema,
    roundSubmission,
    rpc.openRoundRequestToProto,
    rpc.roundSubmissionFromProto,
  ),
  roundTrip(
    relay.CollectPromisesRequestSchema,
    roundSubmission,
    rpc.collectPromisesRequestToProto,
    rpc.roundSubmissionFromProto,
  ),
  roundTrip(
    validator.SubmitProposalRequestSchema,
    proposalSubmission,
    rpc.submitProposalRequestToProto,
    rpc.proposalSubmissionFromProto,
  ),
  roundTrip(
    relay.SubmitRoundProposalRequestSchema,
    proposalSubmission,
    rpc.submitRoundProposalRequestToProto,
    rpc.proposalSubmissionFromProto,
  ),
  roundTrip<rpc.PromiseAnswer, typeof validator.OpenRoundResponseSchema>(
    validator.OpenRoundResponseSchema,
    fc.oneof(
      anyProvenPromise.map((promise) => ({ type: 'promise', proven: promise }) as const),
      resolved,
    ),
    rpc.promiseAnswerToProto,
    rpc.promiseAnswerFromProto,
  ),
  roundTrip<rpc.VoteAnswer, typeof validator.SubmitProposalResponseSchema>(
    validator.SubmitProposalResponseSchema,
    fc.oneof(voted, resolved),
    rpc.roundVoteAnswerToProto,
    rpc.roundVoteAnswerFromProto,
  ),
  roundTrip<rpc.CollectedPromises, typeof relay.CollectPromisesResponseSchema>(
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
  roundTrip<rpc.CertificatePage, typeof validator.ListCertificatesResponseSchema>(
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
  roundTrip<rpc.FundingClosure, typeof validator.GetFundingClosureResponseSchema>(
    validator.GetFundingClosureResponseSchema,
    fc.record({ certificates: fc.array(anyCommitCertificate, { maxLength: 4 }), complete: fc.boolean() }),
    rpc.fundingClosureToProto,
    rpc.fundingClosureFromProto,
  ),
  roundTrip(
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
  roundTrip(
    validator.AttestBatchResponseSchema,
    anySignerSignature(65),
    rpc.attestationToProto,
    rpc.attestationFromProto,
  ),
  roundTrip(validator.GetValidatorInfoResponseSchema, anyInfo, rpc.validatorInfoToProto, rpc.validatorInfoFromProto),
  roundTrip(
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
  roundTrip<rpc.PaymentStatus, typeof relay.GetPaymentStatusResponseSchema>(
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
  roundTrip(relay.ValidatorFailureSchema, anyFailure, rpc.validatorFailureToProto, rpc.validatorFailureFromProto),
  roundTrip<rpc.PaymentEvent, typeof relay.PaymentEventSchema>(
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
  roundTrip<rpc.AccountEvent, typeof relay.WatchAccountResponseSchema>(
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

describe('every message survives the way out and back', () => {
  test.each(roundTrips)('$name', ({ check }) => check());
});

describe('what arrives in another form is refused by the name of its field', () => {
  const sample = <Value>(arbitrary: fc.Arbitrary<Value>): Value => {
    const [value] = fc.sample(arbitrary, { numRuns: 1, seed: 7 });
    if (value === undefined) throw new Error('no sample');
    return value;
  };
  const refusal = (run: () => unknown): RejectError => {
    try {
      run();
    } catch (error) {
      if (error instanceof RejectError) return error;
      throw error;
    }
    throw new Error('nothing was refused');
  };
  const signedOrder = () => rpc.signedOrderToProto(sample(anySignedOrder));
  const certificate = () =>
    rpc.certificateToProto(sample(anyCommitCertificate.filter((cc) => cc.signatures.length > 2 && !!cc.signedOrder)));
  const order = (change: Partial<types.PaymentOrder>) => {
    const message = signedOrder();
    Object.assign(message.order ?? {}, change);
    return () => rpc.signedOrderFromProto(message);
  };
  const changed = (change: (message: types.Certificate) => unknown) => {
    const message = certificate();
    change(message);
    return () => rpc.commitCertificateFromProto(message);
  };

  test.each<[string, () => unknown]>([
    ['signed_order: is missing', () => rpc.signedOrderFromProto(undefined)],
    ['signed_order.order.sender: has 20 bytes, not 19', order({ sender: new Uint8Array(19) })],
    ['signed_order.order.asset: has 20 bytes, not 0', order({ asset: new Uint8Array() })],
    ['signed_order.order.memo: has 32 bytes, not 33', order({ memo: new Uint8Array(33) })],
    ['signed_order.order.parents: has at most 8 items', order({ parents: Array(9).fill(new Uint8Array(32)) })],
    ['signed_order.order.parents[1]: has 32 bytes', order({ parents: [new Uint8Array(32), new Uint8Array(1)] })],
    ['signed_order.order.amount: is a whole number', order({ amount: 1n << 64n })],
    ['signed_order.order.valid_until: is a whole number', order({ validUntil: -1n })],
    [
      'signed_order.payer_signature: has at most 2049 bytes',
      () => rpc.signedOrderFromProto({ ...signedOrder(), payerSignature: new Uint8Array(2050) }),
    ],
    [
      'commit_certificate.type: expected a commit certificate',
      () => rpc.commitCertificateFromProto(rpc.certificateToProto(sample(anyQuorumCertificate))),
    ],
    [
      'commit_certificate.type: is neither QUORUM nor COMMIT',
      changed((message) => Object.assign(message, { type: 9 })),
    ],
    ['commit_certificate.signed_order: is missing', changed((message) => delete message.signedOrder)],
    [
      'commit_certificate.signed_order: must be absent',
      changed((message) => Object.assign(message.ballot ?? {}, { value: new Uint8Array(32) })),
    ],
    [
      'commit_certificate.ballot.round: is a whole number from 0 to 4294967295',
      changed((message) => Object.assign(message.ballot ?? {}, { round: 1n << 32n })),
    ],
    ['commit_certificate.signatures: signers must ascend', changed((message) => message.signatures.reverse())],
    [
      'commit_certificate.signatures: signers must ascend',
      changed((message) => message.signatures.splice(1, 0, ...message.signatures.slice(0, 1))),
    ],
    [
      'commit_certificate.signatures[0].signature: has 65 bytes, not 64',
      changed((message) => Object.assign(message.signatures[0] ?? {}, { signature: new Uint8Array(64) })),
    ],
    ['attachments: has at most 16 items, not 17', () => rpc.attachmentsFromProto(Array(17).fill(certificate()))],
    [
      'new_round.round: is at least 1',
      () => rpc.newRoundFromProto({ ...rpc.newRoundToProto(sample(anyNewRound)), round: 0n }),
    ],
    [
      'new_round.authority: names neither an owner nor a driver',
      () =>
        rpc.newRoundFromProto({
          ...rpc.newRoundToProto(sample(anyNewRound)),
          authority: create(types.RoundAuthoritySchema),
        }),
    ],
    [
      'promise.lock_certificate: is missing',
      () => {
        const message = rpc.provenPromiseToProto(sample(anyProvenPromise.filter((each) => !!each.lockCertificate)));
        delete message.lockCertificate;
        return rpc.provenPromiseFromProto(message);
      },
    ],
    [
      'promise.lock_certificate: must be absent',
      () => {
        const { promise, lockCertificate } = sample(anyProvenPromise.filter((each) => !!each.lockCertificate));
        const { lock: _, ...free } = promise;
        return rpc.provenPromiseFromProto(
          rpc.provenPromiseToProto({ promise: free, ...(lockCertificate ? { lockCertificate } : {}) }),
        );
      },
    ],
    [
      'proposal.signed_order: must be absent',
      () => {
        const message = rpc.proposalToProto(sample(anyProposal.filter((each) => !!each.signedOrder)));
        Object.assign(message.ballot ?? {}, { value: new Uint8Array(32) });
        return rpc.proposalFromProto(message);
      },
    ],
    [
      'exit.cancelled: can only be true',
      () =>
        rpc.exitChangeFromProto({
          ...rpc.exitChangeToProto(sample(anyExitChange)),
          change: { case: 'cancelled', value: false },
        }),
    ],
    ['stage: is missing', () => rpc.stageFromProto(types.Stage.UNSPECIFIED)],
    ['stage: there is no stage 99', () => rpc.stageFromProto(99 as types.Stage)],
    ...['', '01', '-0', '1e3', ' 1', `${1n << 127n}`].map((balance): [string, () => unknown] => [
      'statement.balance: ',
      () => rpc.statementFromProto({ ...rpc.statementToProto(sample(anyStatement)), balance }),
    ]),
    [
      'reject.code: is not a known reject code',
      () => rpc.rejectFromProto({ ...rpc.rejectToProto(sample(anyReject)), code: 'constructor' }),
    ],
  ])('%s', (message, run) => {
    const error = refusal(run);
    expect(error.code).toBe('INVALID_FORMAT');
    expect(error.message).toContain(message);
  });

  test('an unknown kind of order is NOT_PAYMENT', () => {
    expect(refusal(order({ kind: 2 })).code).toBe('NOT_PAYMENT');
  });
});
