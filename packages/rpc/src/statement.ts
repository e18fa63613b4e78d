import { create } from '@bufbuild/protobuf';
import { type AccountAnswer, bytesOf, type SignedStatement } from '@fastpay/protocol';
import { ED25519_BYTES, signerSignatureFromProto, signerSignatureToProto } from './ballot.ts';
import { addressField, bytesField, hashField, requiredField, signedDecimalField, u64Field } from './fields.ts';
import * as pb from './gen/fastpay/v1/types_pb.ts';
import { signedOrderFromProto, signedOrderToProto } from './order.ts';

/** The client's nonce in an account statement (§4). */
export const CLIENT_NONCE_BYTES = 16;

export function statementToProto({ epoch, statement, signature }: SignedStatement): pb.AccountStatement {
  return create(pb.AccountStatementSchema, {
    epoch,
    owner: bytesOf(statement.account.owner),
    asset: bytesOf(statement.account.asset),
    balance: statement.balance.toString(),
    next: statement.next,
    finalizedHeight: statement.finalizedHeight,
    finalizedHash: bytesOf(statement.finalizedHash),
    unixMillis: statement.unixMillis,
    clientNonce: statement.clientNonce,
    signature: signerSignatureToProto(signature),
  });
}

/** The signature is still to be verified. @throws RejectError INVALID_FORMAT. */
export function statementFromProto(message: pb.AccountStatement | undefined, at = 'statement'): SignedStatement {
  const fields = requiredField(message, at);
  return {
    epoch: u64Field(fields.epoch, `${at}.epoch`),
    statement: {
      account: {
        owner: addressField(fields.owner, `${at}.owner`),
        asset: addressField(fields.asset, `${at}.asset`),
      },
      balance: signedDecimalField(fields.balance, `${at}.balance`),
      next: u64Field(fields.next, `${at}.next`),
      finalizedHeight: u64Field(fields.finalizedHeight, `${at}.finalized_height`),
      finalizedHash: hashField(fields.finalizedHash, `${at}.finalized_hash`),
      unixMillis: u64Field(fields.unixMillis, `${at}.unix_millis`),
      clientNonce: bytesField(fields.clientNonce, CLIENT_NONCE_BYTES, `${at}.client_nonce`),
    },
    signature: signerSignatureFromProto(fields.signature, ED25519_BYTES, `${at}.signature`),
  };
}

export function accountAnswerToProto(answer: AccountAnswer): pb.AccountAnswer {
  return create(pb.AccountAnswerSchema, {
    statement: statementToProto(answer.signed),
    known: answer.known,
    ...(answer.pendingOrder ? { pendingOrder: signedOrderToProto(answer.pendingOrder) } : {}),
    ...(answer.exitReadyAt === undefined ? {} : { exitReadyAt: answer.exitReadyAt }),
    ...(answer.overlay
      ? {
          onChain: answer.overlay.onChain.toString(),
          unsettledIn: answer.overlay.unsettledIn.toString(),
          unsettledOut: answer.overlay.unsettledOut.toString(),
        }
      : {}),
  });
}

/** @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function accountAnswerFromProto(message: pb.AccountAnswer | undefined, at = 'account'): AccountAnswer {
  const answer = requiredField(message, at);
  const { statement, known, pendingOrder, exitReadyAt } = answer;
  const overlay = overlayFromProto(answer, at);
  return {
    signed: statementFromProto(statement, `${at}.statement`),
    known,
    ...(pendingOrder ? { pendingOrder: signedOrderFromProto(pendingOrder, `${at}.pending_order`) } : {}),
    ...(exitReadyAt === undefined ? {} : { exitReadyAt: u64Field(exitReadyAt, `${at}.exit_ready_at`) }),
    ...(overlay ? { overlay } : {}),
  };
}

function overlayFromProto({ onChain, unsettledIn, unsettledOut }: pb.AccountAnswer, at: string) {
  if (onChain === '' && unsettledIn === '' && unsettledOut === '') return undefined;
  return {
    onChain: signedDecimalField(onChain, `${at}.on_chain`),
    unsettledIn: signedDecimalField(unsettledIn, `${at}.unsettled_in`),
    unsettledOut: signedDecimalField(unsettledOut, `${at}.unsettled_out`),
  };
}
