import type { Hash } from '@fastpay/protocol';
import { type AnswerObject, objectIn, quantityIn } from './answers.ts';
import { maxTransactionCost } from './fees.ts';
import type { JsonRpc } from './json-rpc.ts';

export interface TransactionCost {
  readonly succeeded: boolean;
  /** Base units of the fee token. */
  readonly spent: bigint;
}

/** What a transaction did cost whoever paid for it; nothing while no block has it. @throws TempoError as `JsonRpc.request`. */
export async function transactionCost(rpc: JsonRpc, transactionHash: Hash): Promise<TransactionCost | undefined> {
  const answer = await rpc.request('eth_getTransactionReceipt', [transactionHash]);
  return answer === null ? undefined : costIn(objectIn(answer, 'receipt'));
}

/** @throws TempoError BAD_ANSWER. */
export function costIn(receipt: AnswerObject): TransactionCost {
  const price = quantityIn(receipt.effectiveGasPrice, 'gas price');
  return {
    succeeded: quantityIn(receipt.status, 'receipt status') === 1n,
    spent: maxTransactionCost(quantityIn(receipt.gasUsed, 'receipt gas'), price),
  };
}
