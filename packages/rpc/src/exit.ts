import { create } from '@bufbuild/protobuf';
import { type AccountId, bytesOf } from '@fastpay/protocol';
import { type BlockReference, blockReferenceFromProto, blockReferenceToProto } from './chain.ts';
import { addressField, amountField, invalidField, requiredField, u64Field } from './fields.ts';
import * as pb from './gen/fastpay/v1/types_pb.ts';

/** An account began, gave up or ended its exit, in a finalized block (§5 rule 6). */
export type ExitChange =
  | {
      readonly type: 'requested';
      readonly account: AccountId;
      /** Unix seconds: from then on the reserve lets the owner take everything out. */
      readonly readyAt: bigint;
      readonly block: BlockReference;
    }
  | { readonly type: 'cancelled'; readonly account: AccountId; readonly block: BlockReference }
  | {
      readonly type: 'executed';
      readonly account: AccountId;
      /** Base units that left. */
      readonly amount: bigint;
      readonly block: BlockReference;
    };

export function exitChangeToProto(exit: ExitChange): pb.ExitChange {
  return create(pb.ExitChangeSchema, {
    owner: bytesOf(exit.account.owner),
    asset: bytesOf(exit.account.asset),
    block: blockReferenceToProto(exit.block),
    change: changeToProto(exit),
  });
}

function changeToProto(exit: ExitChange): pb.ExitChange['change'] {
  switch (exit.type) {
    case 'requested':
      return { case: 'requestedReadyAt', value: exit.readyAt };
    case 'cancelled':
      return { case: 'cancelled', value: true };
    case 'executed':
      return { case: 'executedAmount', value: exit.amount };
  }
}

/** @throws RejectError INVALID_FORMAT. */
export function exitChangeFromProto(message: pb.ExitChange | undefined, at = 'exit'): ExitChange {
  const { owner, asset, block, change } = requiredField(message, at);
  const common = {
    account: { owner: addressField(owner, `${at}.owner`), asset: addressField(asset, `${at}.asset`) },
    block: blockReferenceFromProto(block, `${at}.block`),
  };
  switch (change.case) {
    case 'requestedReadyAt':
      return { type: 'requested', ...common, readyAt: u64Field(change.value, `${at}.requested_ready_at`) };
    case 'cancelled':
      if (!change.value) throw invalidField(`${at}.cancelled`, 'can only be true');
      return { type: 'cancelled', ...common };
    case 'executedAmount':
      return { type: 'executed', ...common, amount: amountField(change.value, `${at}.executed_amount`) };
    case undefined:
      throw invalidField(`${at}.change`, 'is missing');
  }
}
