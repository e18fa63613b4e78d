import {
  type Certificate,
  type CommitCertificate,
  decodeCommitCertificate,
  encodeCertificate,
  fromHex,
  type OrderKind,
  RejectError,
  type SignedOrder,
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
  PaymentStatus,
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
  if (json.type !== 'commit') throw new RejectError('INVALID_FORMAT', 'expected a certificate of type commit');
  const { slot, signedOrder } = json;
  const certificate: CommitCertificate = {
    type: 'commit',
    epoch: BigInt(json.epoch),
    slot: {
      owner: toAddress(slot.owner),
      asset: toAddress(slot.asset),
      sequence: toSequence(BigInt(slot.sequence)),
    },
    round: json.round,
    value: toHash(json.value),
    ...(signedOrder ? { signedOrder: signedOrderFromJson(signedOrder) } : {}),
    signatures: json.signatures.map(({ signer, signature }) => ({ signer, signature: fromHex(signature) })),
  };
  return decodeCommitCertificate(encodeCertificate(certificate));
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
    signatures: signatures.map(({ signer, signature }) => ({ signer, signature: toHex(signature) })),
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
          ...(info.chainHead ? { chain: chainHeadToJson(info.chainHead) } : {}),
        }
      : {}),
  };
}
