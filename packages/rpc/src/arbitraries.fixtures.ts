import {
  type AccountId,
  type Address,
  addressFromBytes,
  type Certificate,
  type CommitCertificate,
  type Evidence,
  type Hash,
  hashFromBytes,
  type Lock,
  limits,
  MAX_U64,
  type OrderKind,
  type PaymentOrder,
  type ProvenPromise,
  type QuorumCertificate,
  type RoundAuthority,
  type RoundProposal,
  type SignedBallot,
  type SignedNewRound,
  type SignedOrder,
  type SignedPromise,
  type SignedProposal,
  type SignedStatement,
  type SignerSignature,
  SKIP,
  type Slot,
  type Stage,
  stages,
  toAmount,
  toSequence,
} from '@fastpay/protocol';
import fc from 'fast-check';
import type { BlockReference, ChainHead, SettlementReference } from './chain.ts';
import type { ExitChange } from './exit.ts';

/** Arbitrary values of every type that a message carries, hostile corners included. */

export const anyBytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
export const anyAddress: fc.Arbitrary<Address> = anyBytes(20).map(addressFromBytes);
export const anyHash: fc.Arbitrary<Hash> = anyBytes(32).map(hashFromBytes);
export const anyU64 = fc.oneof(fc.bigInt(0n, MAX_U64), fc.constantFrom(0n, 1n, MAX_U64));
export const anyMillis = fc.nat({ max: 4_102_444_800_000 });
export const anySigner = fc.nat({ max: limits.committeeSize - 1 });
export const anyStage: fc.Arbitrary<Stage> = fc.constantFrom(...stages);
const anyNonZeroHash = anyHash.filter((hash) => hash !== SKIP);

export const anyOrder: fc.Arbitrary<PaymentOrder> = fc.record({
  kind: fc.constantFrom<OrderKind[]>(0, 1),
  sender: anyAddress,
  recipient: anyAddress,
  asset: anyAddress,
  amount: anyU64.map(toAmount),
  fee: anyU64.map(toAmount),
  sequence: anyU64.map(toSequence),
  validUntil: anyU64,
  memo: anyHash,
  parents: fc.array(anyHash, { maxLength: limits.parents }),
});

export const anySignedOrder: fc.Arbitrary<SignedOrder> = fc.record({
  order: anyOrder,
  payerSignature: fc.oneof(anyBytes(65), anyBytes(130), fc.uint8Array({ maxLength: limits.payerSignatureBytes })),
});

export const anyAccount: fc.Arbitrary<AccountId> = fc.record({ owner: anyAddress, asset: anyAddress });
export const anySlot: fc.Arbitrary<Slot> = fc.record({
  owner: anyAddress,
  asset: anyAddress,
  sequence: anyU64.map(toSequence),
});

const anyRound = fc.oneof(fc.nat({ max: limits.maxRound }), fc.constantFrom(0, limits.maxRound));
const anyBallot = fc.record({ slot: anySlot, round: anyRound, value: fc.oneof(anyHash, fc.constant(SKIP)) });

export const anySignerSignature = (length: number): fc.Arbitrary<SignerSignature> =>
  fc.record({ signer: anySigner, signature: anyBytes(length) });

const anySignedBallot = (length: number): fc.Arbitrary<SignedBallot> =>
  fc
    .tuple(anyU64, anyBallot, anySignerSignature(length))
    .map(([epoch, ballot, signature]) => ({ epoch, ...ballot, signature }));
export const anyVote = anySignedBallot(64);
export const anyCommit = anySignedBallot(65);

const anySignatures = (length: number): fc.Arbitrary<readonly SignerSignature[]> =>
  fc
    .uniqueArray(anySignerSignature(length), { selector: ({ signer }) => signer, maxLength: 10 })
    .map((signatures) => signatures.toSorted((left, right) => left.signer - right.signer));

const anyCertificateBody = (signatureLength: number) =>
  fc.oneof(
    fc.record({
      epoch: anyU64,
      slot: anySlot,
      round: anyRound,
      value: anyNonZeroHash,
      signedOrder: anySignedOrder,
      signatures: anySignatures(signatureLength),
    }),
    fc.record({
      epoch: anyU64,
      slot: anySlot,
      round: anyRound,
      value: fc.constant(SKIP),
      signatures: anySignatures(signatureLength),
    }),
  );

export const anyQuorumCertificate: fc.Arbitrary<QuorumCertificate> = anyCertificateBody(64).map((body) => ({
  type: 'quorum',
  ...body,
}));
export const anyCommitCertificate: fc.Arbitrary<CommitCertificate> = anyCertificateBody(65).map((body) => ({
  type: 'commit',
  ...body,
}));
export const anyCertificate: fc.Arbitrary<Certificate> = fc.oneof(anyQuorumCertificate, anyCommitCertificate);

export const anyBlock: fc.Arbitrary<BlockReference> = fc.record({ height: anyU64, hash: anyHash, timestamp: anyU64 });
export const anyChainHead: fc.Arbitrary<ChainHead> = fc.record({ latest: anyBlock, finalized: anyBlock });
export const anySettlement: fc.Arbitrary<SettlementReference> = fc.record({
  block: anyBlock,
  transactionHash: anyHash,
});

export const anyStatement: fc.Arbitrary<SignedStatement> = fc.record({
  epoch: anyU64,
  statement: fc.record({
    account: anyAccount,
    balance: fc.bigInt(-(1n << 127n), (1n << 127n) - 1n),
    next: anyU64,
    finalizedHeight: anyU64,
    finalizedHash: anyHash,
    unixMillis: anyU64,
    clientNonce: anyBytes(16),
  }),
  signature: anySignerSignature(64),
});

const anyHigherRound = fc.oneof(fc.integer({ min: 1, max: limits.maxRound }), fc.constantFrom(1, limits.maxRound));

export const anyRoundAuthority: fc.Arbitrary<RoundAuthority> = fc.oneof(
  fc
    .oneof(anyBytes(65), fc.uint8Array({ maxLength: limits.payerSignatureBytes }))
    .map((signature) => ({ type: 'owner', signature }) as const),
  anySignerSignature(64).map((signature) => ({ type: 'driver', signature }) as const),
);

export const anyNewRound: fc.Arbitrary<SignedNewRound> = fc.record({
  epoch: anyU64,
  slot: anySlot,
  round: anyHigherRound,
  authority: anyRoundAuthority,
});

const anyProposalBody = { epoch: anyU64, slot: anySlot, round: anyHigherRound, authority: anyRoundAuthority };
export const anyProposal: fc.Arbitrary<SignedProposal> = fc.oneof(
  fc.record({ ...anyProposalBody, value: anyNonZeroHash, signedOrder: anySignedOrder }),
  fc.record({ ...anyProposalBody, value: fc.constant(SKIP) }),
);

export const anyLock: fc.Arbitrary<Lock> = fc.record({
  epoch: anyU64,
  round: anyRound,
  value: fc.oneof(anyHash, fc.constant(SKIP)),
});

const anyPromiseBody = { epoch: anyU64, slot: anySlot, round: anyHigherRound, signature: anySignerSignature(64) };
const anyFreePromise: fc.Arbitrary<SignedPromise> = fc.record(anyPromiseBody);
const anyLockedPromise: fc.Arbitrary<SignedPromise> = fc.record({ ...anyPromiseBody, lock: anyLock });
export const anyPromise = fc.oneof(anyFreePromise, anyLockedPromise);

export const anyProvenPromise: fc.Arbitrary<ProvenPromise> = fc.oneof(
  fc.record({ promise: anyFreePromise }),
  fc.record({ promise: anyLockedPromise, lockCertificate: anyQuorumCertificate }),
);

export const anyRoundProposal: fc.Arbitrary<RoundProposal> = fc.record({
  proposal: anyProposal,
  promises: fc.array(anyPromise, { maxLength: 5 }),
  lockCertificates: fc.array(anyQuorumCertificate, { maxLength: 3 }),
});

export const anyEvidence: fc.Arbitrary<Evidence> = fc.oneof(
  fc.record({ type: fc.constant('votes' as const), first: anyVote, second: anyVote }),
  fc.record({ type: fc.constant('commits' as const), first: anyCommit, second: anyCommit }),
  fc.record({ type: fc.constant('promise' as const), promise: anyPromise, commit: anyCommit }),
);

const anyExitBody = { account: anyAccount, block: anyBlock };
export const anyExitChange: fc.Arbitrary<ExitChange> = fc.oneof(
  fc.record({ type: fc.constant('requested' as const), ...anyExitBody, readyAt: anyU64 }),
  fc.record({ type: fc.constant('cancelled' as const), ...anyExitBody }),
  fc.record({ type: fc.constant('executed' as const), ...anyExitBody, amount: anyU64 }),
);
