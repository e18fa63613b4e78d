import { RejectError } from '@fastpay/protocol';
import type { ChainHead } from '@fastpay/rpc';
import { TempoError } from '@fastpay/tempo';

/**
 * The head of the chain as this relay's node sees it, asked for at most every `maxAgeMs`.
 * @throws RejectError TEMPORARILY_UNAVAILABLE while the node does not answer.
 */
export function createChainHead(
  { maxAgeMs }: { readonly maxAgeMs: number },
  { chain, now }: { readonly chain: { head(): Promise<ChainHead> }; now(): number },
): () => Promise<ChainHead> {
  let askedAt = Number.NEGATIVE_INFINITY;
  let answer: Promise<ChainHead> | undefined;
  return async () => {
    if (!answer || now() - askedAt >= maxAgeMs) {
      askedAt = now();
      answer = chain.head();
    }
    try {
      return await answer;
    } catch (error) {
      answer = undefined;
      if (!(error instanceof TempoError)) throw error;
      throw unavailable(error);
    }
  };
}

function unavailable(cause: TempoError): RejectError {
  return new RejectError('TEMPORARILY_UNAVAILABLE', 'the Tempo node of this relay does not answer', {}, { cause });
}
