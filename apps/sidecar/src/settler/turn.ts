import { settlerLimits } from './limits.ts';

/**
 * Whose turn it is to settle. The rule needs no message: chain time, which all validators read from the same blocks,
 * passes over the committee. Who sleeps loses its turn and nothing else. A turn taken wrongly costs the gas of a batch
 * that is passed over.
 */
export function settlesNow(
  timestamp: bigint,
  { signer, members }: { readonly signer: number; readonly members: number },
): boolean {
  if (members === 1) return true;
  const { turnSeconds, quietSeconds } = settlerLimits;
  const isOurs = Number((timestamp / turnSeconds) % BigInt(members)) === signer;
  return isOurs && timestamp % turnSeconds < turnSeconds - quietSeconds;
}
