import type { Hash } from '@fastpay/protocol';
import { arrayIn, hashIn, objectIn, quantityIn } from './answers.ts';
import { TempoError } from './errors.ts';
import type { JsonRpc } from './json-rpc.ts';
import { tempoLimits } from './limits.ts';

/** A transaction that is in a block and did what it says. The block may still be abandoned until it is final. */
export interface Receipt {
  readonly transactionHash: Hash;
  readonly blockHeight: bigint;
  readonly blockHash: Hash;
  readonly gasUsed: bigint;
  /** As the node gave them; `decodeReserveEvents` reads those of the reserve. */
  readonly logs: readonly unknown[];
}

export interface WaitOptions {
  readonly timeoutMs?: number;
  readonly pollMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Polls until the transaction is in a block with status success.
 * @throws TempoError REVERTED when its calls failed, NOT_INCLUDED after the time-out (it may still come), both with
 * the transaction hash; otherwise as `JsonRpc.request`, but passing trouble is waited out.
 */
export async function waitForReceipt(rpc: JsonRpc, transactionHash: Hash, options: WaitOptions = {}): Promise<Receipt> {
  const { timeoutMs = tempoLimits.receiptTimeoutMs, pollMs = tempoLimits.receiptPollMs, signal } = options;
  const deadline = performance.now() + timeoutMs;
  let trouble: TempoError | undefined;
  while (true) {
    signal?.throwIfAborted();
    try {
      const answer = await rpc.request('eth_getTransactionReceipt', [transactionHash]);
      if (answer !== null) return readReceipt(answer, transactionHash);
      trouble = undefined;
    } catch (error) {
      if (!(error instanceof TempoError) || !error.retryable) throw error;
      trouble = error;
    }
    if (performance.now() + pollMs > deadline) break;
    await pause(pollMs, signal);
  }
  const cause = trouble ? { cause: trouble } : undefined;
  throw new TempoError('NOT_INCLUDED', `no receipt within ${timeoutMs} ms`, { transactionHash }, cause);
}

function readReceipt(answer: unknown, transactionHash: Hash): Receipt {
  const receipt = objectIn(answer, 'receipt');
  if (hashIn(receipt.transactionHash, 'receipt') !== transactionHash) {
    throw new TempoError('BAD_ANSWER', 'the receipt is of another transaction', { transactionHash });
  }
  // A transaction that reverted still has a receipt, and logs of the fee that it paid.
  if (quantityIn(receipt.status, 'receipt status') !== 1n) {
    throw new TempoError('REVERTED', 'the transaction was included but its calls failed', { transactionHash });
  }
  return {
    transactionHash,
    blockHeight: quantityIn(receipt.blockNumber, 'receipt block'),
    blockHash: hashIn(receipt.blockHash, 'receipt block hash'),
    gasUsed: quantityIn(receipt.gasUsed, 'receipt gas'),
    logs: arrayIn(receipt.logs, 'receipt logs'),
  };
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
