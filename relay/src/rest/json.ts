import {
  type Certificate,
  type CommitCertificate,
  chooseValue,
  decodeCertificate,
  type Evidence,
  encodeCertificate,
  fromHex,
  type OrderKind,
  type QuorumCertificate,
  RejectError,
  type SignedBallot,
  type SignedOrder,
  type SignedPromise,
  type SignerSignature,
  SKIP,
  type Slot,
  toAddress,
  toAmount,
  toHash,
  toHex,
  toSequence,
} from '@fastpay/protocol';
import type {
  AccountAnswer,
  BulletinEntry,
  ChainHead,
  CollectedPromises,
  ExitChange,
  PaymentStatus,
  ProposalSubmission,
  RoundSubmission,
  ValidatorFailure,
  ValidatorStatus,
} from '@fastpay/rpc';
import type { z } from 'zod';
import type * as schemas from './schemas.ts';

/** The REST face of the protocol's types: hex with 0x, 64-bit numbers as decimal strings. */

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

export function signedOrderToJson({ order, payerSignature }: SignedOrder): z.infer<typeof schemas.signedOrder> {
  return {
    order: {
      ...order,
      amount: `${order.amount}`,
      fee: `${order.fee}`,
      sequence: `${order.sequence}`,
      validUntil: `${order.validUntil}`,
      parents: [...order.parents],
    },
    payerSignature: toHex(payerSignature),
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
  const signatures = json.signatures.map(({ signer, signature }) => ({ signer, signature: fromHex(signature) }));
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
  const { epoch, slot, round, lock, signer, signature } = json;
  return {
    epoch: BigInt(epoch),
    slot: slotFromJson(slot),
    round,
    ...(lock ? { lock: { epoch: BigInt(lock.epoch), round: lock.round, value: toHash(lock.value) } } : {}),
    signature: { signer, signature: fromHex(signature) },
  };
}

function promiseToJson({ epoch, slot, round, lock, signature }: SignedPromise): z.infer<typeof schemas.promise> {
  return {
    epoch: `${epoch}`,
    slot: slotToJson(slot),
    round,
    ...(lock ? { lock: { ...lock, epoch: `${lock.epoch}` } } : {}),
    ...signatureToJson(signature),
  };
}

function signatureToJson({ signer, signature }: SignerSignature) {
  return { signer, signature: toHex(signature) };
}

/** In the shape in which a proposal takes them: the certificate of each lock once. */
export function promisesToJson(collected: CollectedPromises): z.infer<typeof schemas.promises> {
  const { promises, lockCertificates } = chooseValue(collected.promises);
  return {
    promises: promises.map(promiseToJson),
    lockCertificates: lockCertificates.map(certificateToJson),
    failures: collected.failures.map(failureToJson),
    ...(collected.certificate ? { commitCertificate: certificateToJson(collected.certificate) } : {}),
  };
}

function ballotToJson({ epoch, slot, round, value, signature }: SignedBallot) {
  return { epoch: `${epoch}`, slot: slotToJson(slot), round, value, ...signatureToJson(signature) };
}

export function evidenceToJson(evidence: Evidence) {
  if (evidence.type === 'promise') {
    const { type, promise, commit } = evidence;
    return { type, promise: promiseToJson(promise), commit: ballotToJson(commit) };
  }
  const { type, first, second } = evidence;
  return { type, first: ballotToJson(first), second: ballotToJson(second) };
}

export function certificateToJson(certificate: Certificate): z.infer<typeof schemas.certificate> {
  const { signedOrder, signatures } = certificate;
  return {
    type: certificate.type,
    epoch: `${certificate.epoch}`,
    slot: slotToJson(certificate.slot),
    round: certificate.round,
    value: certificate.value,
    ...(signedOrder ? { signedOrder: signedOrderToJson(signedOrder) } : {}),
    signatures: signatures.map(signatureToJson),
  };
}

function slotToJson({ owner, asset, sequence }: Slot): z.infer<typeof schemas.slot> {
  return { owner, asset, sequence: `${sequence}` };
}

export function chainHeadToJson({ latest, finalized }: ChainHead): z.infer<typeof schemas.chainHead> {
  return { latest: blockToJson(latest), finalized: blockToJson(finalized) };
}

function blockToJson({ height, hash, timestamp }: ChainHead['latest']): z.infer<typeof schemas.block> {
  return { height: `${height}`, hash, timestamp: `${timestamp}` };
}

function settlementToJson({ block, transactionHash }: NonNullable<PaymentStatus['settlement']>) {
  return { block: blockToJson(block), transactionHash };
}

export function paymentToJson(transactionHash: string, status: PaymentStatus): z.infer<typeof schemas.payment> {
  return {
    transactionHash,
    ...(status.stage ? { stage: status.stage } : {}),
    voteCount: status.voteCount,
    commitCount: status.commitCount,
    ...(status.signedOrder ? { signedOrder: signedOrderToJson(status.signedOrder) } : {}),
    ...(status.quorumCertificate ? { quorumCertificate: certificateToJson(status.quorumCertificate) } : {}),
    ...(status.commitCertificate ? { commitCertificate: certificateToJson(status.commitCertificate) } : {}),
    ...(status.settlement ? { settlement: settlementToJson(status.settlement) } : {}),
  };
}

export function bulletinEntryToJson({ cursor, event }: BulletinEntry): z.infer<typeof schemas.bulletinEntry> {
  switch (event.type) {
    case 'resolved':
      return { cursor: `${cursor}`, type: 'resolved', certificate: certificateToJson(event.certificate) };
    case 'deposited': {
      const { index, account, amount, block } = event.deposit;
      const deposit = { index: `${index}`, ...account, amount: `${amount}`, block: blockToJson(block) };
      return { cursor: `${cursor}`, type: 'deposited', deposit };
    }
    case 'exit':
      return { cursor: `${cursor}`, ...exitToJson(event.exit) };
    case 'evidence':
      return { cursor: `${cursor}`, type: 'evidence', evidence: evidenceToJson(event.evidence) };
    case 'settlement':
      return {
        cursor: `${cursor}`,
        type: 'settlement',
        transactionHash: event.transactionHash,
        stage: event.stage,
        slot: slotToJson(event.slot),
        ...(event.settlement ? { settlement: settlementToJson(event.settlement) } : {}),
      };
  }
}

function exitToJson(exit: ExitChange) {
  return {
    type: 'exit',
    change: exit.type,
    ...exit.account,
    ...(exit.type === 'requested' ? { readyAt: `${exit.readyAt}` } : {}),
    ...(exit.type === 'executed' ? { amount: `${exit.amount}` } : {}),
    block: blockToJson(exit.block),
  } as const;
}

export function statementToJson({ signed, known, pendingOrder }: AccountAnswer): z.infer<typeof schemas.statement> {
  const { statement, signature, epoch } = signed;
  return {
    signer: signature.signer,
    epoch: `${epoch}`,
    balance: `${statement.balance}`,
    next: `${statement.next}`,
    finalizedHeight: `${statement.finalizedHeight}`,
    finalizedHash: statement.finalizedHash,
    unixMillis: `${statement.unixMillis}`,
    signature: toHex(signature.signature),
    known,
    ...(pendingOrder ? { pendingOrder: signedOrderToJson(pendingOrder) } : {}),
  };
}

export function failureToJson({ signer, reject }: ValidatorFailure): z.infer<typeof schemas.failure> {
  return { signer, code: reject.code, detail: reject.message };
}

export function validatorToJson(status: ValidatorStatus): z.infer<typeof schemas.validatorStatus> {
  const { info } = status;
  return {
    reachable: status.reachable,
    latencyMs: status.latencyMs,
    error: status.error,
    checkedUnixMillis: `${status.checkedAtMs}`,
    ...(info
      ? {
          version: info.version,
          uptimeMs: `${info.uptimeMs}`,
          votesSigned: `${info.votesSigned}`,
          commitsSigned: `${info.commitsSigned}`,
          slotsResolved: `${info.slotsResolved}`,
          lastSignedUnixMillis: `${info.lastSignedAtMs}`,
          observing: info.observing,
          ...(info.chainHead ? { chain: chainHeadToJson(info.chainHead) } : {}),
        }
      : {}),
  };
}
