import type { ActivityItem } from '@fastpay/client';
import {
  type Address,
  type Network,
  OrderKind,
  PATH_USD,
  type PaymentOrder,
  toAddress,
  toAmount,
  toHash,
  toSequence,
  ZERO_HASH,
} from '@fastpay/protocol';

/** Values for the tests of the view-models. */

export const addressOf = (number: number): Address => toAddress(`0x${number.toString(16).padStart(2, '0').repeat(20)}`);
export const hashOf = (number: number) => toHash(`0x${number.toString(16).padStart(2, '0').repeat(32)}`);

export const testNetwork: Network = {
  name: 'devnet',
  kind: 'devnet',
  domain: { chainId: 1n, reserve: addressOf(0xee), salt: hashOf(0xaa) },
  committee: {
    epoch: 0n,
    members: ['Dave', 'Edgar', 'Frank', 'Grace'].map((name, index) => ({
      name,
      votingKey: hashOf(0xb0 + index),
      settlementAddress: addressOf(0xc0 + index),
      stake: 1n,
    })),
  },
  assets: [{ address: PATH_USD, symbol: 'USD', name: 'pathUSD' }],
  fees: { minimum: 2_000n, newRecipientSurcharge: 6_000n },
  exitDelaySeconds: 604_800n,
};

export function orderOf(change: Partial<PaymentOrder> = {}): PaymentOrder {
  return {
    kind: OrderKind.transfer,
    sender: addressOf(1),
    recipient: addressOf(2),
    asset: PATH_USD,
    amount: toAmount(10_000_000n),
    fee: toAmount(2_000n),
    sequence: toSequence(0n),
    validUntil: 600n,
    memo: ZERO_HASH,
    parents: [],
    ...change,
  };
}

export function itemOf(number: number, change: Partial<ActivityItem> = {}): ActivityItem {
  return {
    cursor: number,
    transactionHash: hashOf(number),
    direction: 'sent',
    order: orderOf(),
    stage: 'QUEUED_ONCHAIN',
    createdAtMs: 0,
    times: {},
    ...change,
  };
}
