import {
  type AccountAnswer,
  type Certificate,
  type CommitCertificate,
  chooseValue,
  decodeCertificate,
  encodeCertificate,
  fromHex,
  type OrderKind,
  type QuorumCertificate,
  RejectError,
  type SignedOrder,
  type SignedPromise,
  type SignerSignature,
  SKIP,
  type Slot,
  toAddress,
  toAmount,
  toHash,
  toSequence,
} from '@fastpay/protocol';
import type {
  BulletinEntry,
  CollectedPromises,
  ProposalSubmission,
  RoundSubmission,
  SponsorOffer,
  ValidatorFailure,
  ValidatorStatus,
} from '@fastpay/rpc';
import type { z } from 'zod';
import type * as schemas from './schemas.ts';
import { toJson } from './to-json.ts';

/** What the REST face takes, as the protocol's types; and what it gives, where that is not their `toJson`. */

export function signedOrderFromJson({ order, payerSignature }: z.infer<typeof schemas.signedOrder>): SignedOrder {
  return {
    order: {
      kind: order.kind satisfies OrderKind,
      sender: toAddress(order.sender),
      recipient: toAddress(order.recipient),
      asset: toAddress(order.asset),
      amount: toAmount(BigInt(order.amount)),
      fee: toAmount(BigInt(order.fee)),
      sequence: toSequence(BigInt(order.sequence)),
      validUntil: BigInt(order.validUntil),
      memo: toHash(order.memo),
      parents: order.parents.map(toHash),
    },
    payerSignature: fromHex(payerSignature),
  };
}

/** @throws RejectError INVALID_FORMAT for anything that the canonical binary form would not hold. */
export function commitCertificateFromJson(json: z.infer<typeof schemas.certificate>): CommitCertificate {
  const certificate = certificateFromJson(json);
  if (certificate.type === 'commit') return certificate;
  throw new RejectError('INVALID_FORMAT', 'expected a certificate of type commit');
}

function quorumCertificateFromJson(json: z.infer<typeof schemas.certificate>): QuorumCertificate {
  const certificate = certificateFromJson(json);
  if (certificate.type === 'quorum') return certificate;
  throw new RejectError('INVALID_FORMAT', 'expected a certificate of type quorum');
}

function certificateFromJson(json: z.infer<typeof schemas.certificate>): Certificate {
  const signatures = json.signatures.map(signatureFromJson);
  return decodeCertificate(encodeCertificate({ type: json.type, ...valueFromJson(json), signatures }));
}

/** What a certificate and a proposal have in common. */
function valueFromJson(json: Omit<z.infer<typeof schemas.certificate>, 'type' | 'signatures'>) {
  const { epoch, slot, round, value, signedOrder } = json;
  return {
    epoch: BigInt(epoch),
    slot: slotFromJson(slot),
    round,
    value: toHash(value),
    ...(signedOrder ? { signedOrder: signedOrderFromJson(signedOrder) } : {}),
  };
}

function slotFromJson({ owner, asset, sequence }: z.infer<typeof schemas.slot>): Slot {
  return { owner: toAddress(owner), asset: toAddress(asset), sequence: toSequence(BigInt(sequence)) };
}

/** Owners’ rounds only: drivers talk to the validators themselves. @throws RejectError INVALID_FORMAT. */
export function roundSubmissionFromJson({
  newRound: { epoch, slot, round, signature },
  attachments,
}: z.infer<typeof schemas.roundSubmission>): RoundSubmission {
  const authority = { type: 'owner', signature: fromHex(signature) } as const;
  return {
    newRound: { epoch: BigInt(epoch), slot: slotFromJson(slot), round, authority },
    attachments: attachments.map(commitCertificateFromJson),
  };
}

/** @throws RejectError INVALID_FORMAT. */
export function proposalSubmissionFromJson(json: z.infer<typeof schemas.proposalSubmission>): ProposalSubmission {
  const { signature, ...proposal } = json.proposal;
  if ((toHash(proposal.value) === SKIP) !== (proposal.signedOrder === undefined)) {
    throw new RejectError('INVALID_FORMAT', 'a proposal carries an order unless its value is SKIP');
  }
  return {
    proposal: { ...valueFromJson(proposal), authority: { type: 'owner', signature: fromHex(signature) } },
    promises: json.promises.map(promiseFromJson),
    lockCertificates: json.lockCertificates.map(quorumCertificateFromJson),
    attachments: json.attachments.map(commitCertificateFromJson),
  };
}

function promiseFromJson(json: z.infer<typeof schemas.promise>): SignedPromise {
  const { epoch, slot, round, lock, signature } = json;
  return {
    epoch: BigInt(epoch),
    slot: slotFromJson(slot),
    round,
    ...(lock ? { lock: { epoch: BigInt(lock.epoch), round: lock.round, value: toHash(lock.value) } } : {}),
    signature: signatureFromJson(signature),
  };
}

function signatureFromJson({ signer, signature }: z.infer<typeof schemas.signerSignature>): SignerSignature {
  return { signer, signature: fromHex(signature) };
}

/** In the shape in which a proposal takes them: the certificate of each lock once. */
export function promisesToJson(collected: CollectedPromises): z.infer<typeof schemas.promises> {
  const { promises, lockCertificates } = chooseValue(collected.promises);
  return toJson({
    promises,
    lockCertificates,
    failures: collected.failures.map(failureToJson),
    commitCertificate: collected.certificate,
  });
}

export function bulletinEntryToJson({ cursor, event }: BulletinEntry): z.infer<typeof schemas.bulletinEntry> {
  if (event.type !== 'deposited') return toJson({ cursor, ...event });
  const { account, ...deposit } = event.deposit;
  return toJson({ cursor, type: event.type, deposit: { ...deposit, ...account } });
}

export function statementToJson({ signed, ...hints }: AccountAnswer): z.infer<typeof schemas.statement> {
  const { signature, epoch } = signed;
  const { account: _account, clientNonce: _clientNonce, ...statement } = signed.statement;
  return toJson({ epoch, ...statement, ...signature, ...hints });
}

export function failureToJson({ signer, reject }: ValidatorFailure): z.infer<typeof schemas.failure> {
  return { signer, code: reject.code, detail: reject.message };
}

export function validatorToJson(status: ValidatorStatus): z.infer<typeof schemas.validatorStatus> {
  const { reachable, latencyMs, error, checkedAtMs, info } = status;
  const seen = { reachable, latencyMs, error, checkedUnixMillis: `${checkedAtMs}` };
  if (!info) return seen;
  const { version, uptimeMs, votesSigned, commitsSigned, slotsResolved, lastSignedAtMs, observing, chainHead } = info;
  return {
    ...seen,
    ...toJson({ version, votesSigned, commitsSigned, slotsResolved, observing }),
    uptimeMs: `${uptimeMs}`,
    lastSignedUnixMillis: `${lastSignedAtMs}`,
    ...(chainHead ? { chain: toJson(chainHead) } : {}),
  };
}

export function sponsorOfferToJson(offer: SponsorOffer): z.input<typeof schemas.sponsorOffer> {
  const { gas, maxFeePerGas, lifeSeconds, minimumAmount, ...rest } = offer;
  return {
    ...rest,
    gas: `${gas}`,
    maxFeePerGas: `${maxFeePerGas}`,
    lifeSeconds: `${lifeSeconds}`,
    minimumAmount: `${minimumAmount}`,
  };
}
