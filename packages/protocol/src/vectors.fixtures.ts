import { toAddress, toAmount, toHash, toSequence } from './brand.ts';
import { fromHex, toHex } from './bytes.ts';
import type { Certificate, SignedBallot } from './certificate.ts';
import type { Committee } from './committee.ts';
import type { Domain } from './domain.ts';
import type { Evidence } from './evidence.ts';
import type { AccountStatement, Ballot, Lock } from './messages.ts';
import type { OrderKind, PaymentOrder, SignedOrder } from './order.ts';
import type { Slot } from './slot.ts';

/** How the vector files write values: bytes as hexadecimal with 0x, integers as decimal strings. */

export type DomainJson = Record<'chainId' | 'reserve' | 'salt', string>;
export type SlotJson = Record<'owner' | 'asset' | 'sequence', string>;
export type BallotJson = { slot: SlotJson; round: string; value: string };
export type LockJson = Record<'epoch' | 'round' | 'value', string>;
export type OrderJson = Record<
  'kind' | 'sender' | 'recipient' | 'asset' | 'amount' | 'fee' | 'sequence' | 'validUntil' | 'memo',
  string
> & { parents: readonly string[] };
export type SignedOrderJson = { order: OrderJson; payerSignature: string };
export type StatementJson = { account: Record<'owner' | 'asset', string> } & Record<
  'balance' | 'next' | 'finalizedHeight' | 'finalizedHash' | 'unixMillis' | 'clientNonce',
  string
>;
export type CommitteeJson = {
  epoch: string;
  members: readonly Record<'name' | 'votingKey' | 'settlementAddress' | 'stake', string>[];
};
export type CertificateJson = BallotJson & {
  type: string;
  epoch: string;
  signedOrder?: SignedOrderJson;
  signatures: readonly { signer: string; signature: string }[];
};

export type SignedBallotJson = BallotJson & { epoch: string; signer: string; signature: string };
export type EvidenceJson =
  | { type: 'votes' | 'commits'; first: SignedBallotJson; second: SignedBallotJson }
  | {
      type: 'promise';
      promise: {
        epoch: string;
        slot: SlotJson;
        round: string;
        lock: LockJson | null;
        signer: string;
        signature: string;
      };
      commit: SignedBallotJson;
    };

export const json = {
  domain: ({ chainId, reserve, salt }: Domain): DomainJson => ({ chainId: String(chainId), reserve, salt }),
  slot: ({ owner, asset, sequence }: Slot): SlotJson => ({ owner, asset, sequence: String(sequence) }),
  ballot: ({ slot, round, value }: Ballot): BallotJson => ({ slot: json.slot(slot), round: String(round), value }),
  lock: ({ epoch, round, value }: Lock): LockJson => ({ epoch: String(epoch), round: String(round), value }),
  order: (order: PaymentOrder): OrderJson => ({
    kind: String(order.kind),
    sender: order.sender,
    recipient: order.recipient,
    asset: order.asset,
    amount: String(order.amount),
    fee: String(order.fee),
    sequence: String(order.sequence),
    validUntil: String(order.validUntil),
    memo: order.memo,
    parents: order.parents,
  }),
  signedOrder: ({ order, payerSignature }: SignedOrder): SignedOrderJson => ({
    order: json.order(order),
    payerSignature: toHex(payerSignature),
  }),
  statement: (statement: AccountStatement): StatementJson => ({
    account: { owner: statement.account.owner, asset: statement.account.asset },
    balance: String(statement.balance),
    next: String(statement.next),
    finalizedHeight: String(statement.finalizedHeight),
    finalizedHash: statement.finalizedHash,
    unixMillis: String(statement.unixMillis),
    clientNonce: toHex(statement.clientNonce),
  }),
  committee: ({ epoch, members }: Committee): CommitteeJson => ({
    epoch: String(epoch),
    members: members.map(({ name, votingKey, settlementAddress, stake }) => ({
      name,
      votingKey,
      settlementAddress,
      stake: String(stake),
    })),
  }),
  signedBallot: ({ epoch, signature, ...ballot }: SignedBallot): SignedBallotJson => ({
    epoch: String(epoch),
    ...json.ballot(ballot),
    signer: String(signature.signer),
    signature: toHex(signature.signature),
  }),
  evidence(evidence: Evidence): EvidenceJson {
    if (evidence.type !== 'promise') {
      const { type, first, second } = evidence;
      return { type, first: json.signedBallot(first), second: json.signedBallot(second) };
    }
    const { epoch, slot, round, lock, signature } = evidence.promise;
    const promise = {
      epoch: String(epoch),
      slot: json.slot(slot),
      round: String(round),
      lock: lock ? json.lock(lock) : null,
      signer: String(signature.signer),
      signature: toHex(signature.signature),
    };
    return { type: 'promise', promise, commit: json.signedBallot(evidence.commit) };
  },
  certificate: (certificate: Certificate): CertificateJson => ({
    type: certificate.type,
    epoch: String(certificate.epoch),
    ...json.ballot(certificate),
    ...(certificate.signedOrder ? { signedOrder: json.signedOrder(certificate.signedOrder) } : {}),
    signatures: certificate.signatures.map(({ signer, signature }) => ({
      signer: String(signer),
      signature: toHex(signature),
    })),
  }),
};

export const read = {
  signedBallot: ({ epoch, signer, signature, ...ballot }: SignedBallotJson): SignedBallot => ({
    epoch: BigInt(epoch),
    ...read.ballot(ballot),
    signature: { signer: Number(signer), signature: fromHex(signature) },
  }),
  evidence(evidence: EvidenceJson): Evidence {
    if (evidence.type !== 'promise') {
      const { type, first, second } = evidence;
      return { type, first: read.signedBallot(first), second: read.signedBallot(second) };
    }
    const { epoch, slot, round, lock, signer, signature } = evidence.promise;
    const promise = {
      epoch: BigInt(epoch),
      slot: read.slot(slot),
      round: Number(round),
      ...(lock && { lock: read.lock(lock) }),
      signature: { signer: Number(signer), signature: fromHex(signature) },
    };
    return { type: 'promise', promise, commit: read.signedBallot(evidence.commit) };
  },
  domain: ({ chainId, reserve, salt }: DomainJson): Domain => ({
    chainId: BigInt(chainId),
    reserve: toAddress(reserve),
    salt: toHash(salt),
  }),
  slot: ({ owner, asset, sequence }: SlotJson): Slot => ({
    owner: toAddress(owner),
    asset: toAddress(asset),
    sequence: toSequence(BigInt(sequence)),
  }),
  ballot: ({ slot, round, value }: BallotJson): Ballot => ({
    slot: read.slot(slot),
    round: Number(round),
    value: toHash(value),
  }),
  lock: ({ epoch, round, value }: LockJson): Lock => ({
    epoch: BigInt(epoch),
    round: Number(round),
    value: toHash(value),
  }),
  order: (order: OrderJson): PaymentOrder => ({
    kind: Number(order.kind) as OrderKind,
    sender: toAddress(order.sender),
    recipient: toAddress(order.recipient),
    asset: toAddress(order.asset),
    amount: toAmount(BigInt(order.amount)),
    fee: toAmount(BigInt(order.fee)),
    sequence: toSequence(BigInt(order.sequence)),
    validUntil: BigInt(order.validUntil),
    memo: toHash(order.memo),
    parents: order.parents.map(toHash),
  }),
  signedOrder: ({ order, payerSignature }: SignedOrderJson): SignedOrder => ({
    order: read.order(order),
    payerSignature: fromHex(payerSignature),
  }),
  statement: (statement: StatementJson): AccountStatement => ({
    account: { owner: toAddress(statement.account.owner), asset: toAddress(statement.account.asset) },
    balance: BigInt(statement.balance),
    next: BigInt(statement.next),
    finalizedHeight: BigInt(statement.finalizedHeight),
    finalizedHash: toHash(statement.finalizedHash),
    unixMillis: BigInt(statement.unixMillis),
    clientNonce: fromHex(statement.clientNonce),
  }),
  committee: ({ epoch, members }: CommitteeJson): Committee => ({
    epoch: BigInt(epoch),
    members: members.map(({ name, votingKey, settlementAddress, stake }) => ({
      name,
      votingKey: toHash(votingKey),
      settlementAddress: toAddress(settlementAddress),
      stake: BigInt(stake),
    })),
  }),
  certificate: (certificate: CertificateJson): Certificate => ({
    type: certificate.type as Certificate['type'],
    epoch: BigInt(certificate.epoch),
    ...read.ballot(certificate),
    ...(certificate.signedOrder ? { signedOrder: read.signedOrder(certificate.signedOrder) } : {}),
    signatures: certificate.signatures.map(({ signer, signature }) => ({
      signer: Number(signer),
      signature: fromHex(signature),
    })),
  }),
};
