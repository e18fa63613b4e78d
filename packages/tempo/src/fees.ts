import { TempoError } from './errors.ts';
import type { JsonRpc } from './json-rpc.ts';
import { latestBlock } from './latest-block.ts';
import { tempoLimits } from './limits.ts';

/** Gas prices are quoted in 10^-18 dollars; tokens have six decimals. */
const PRICE_UNITS_PER_BASE_UNIT = 1_000_000_000_000n;

/** The most that a transaction can cost its sender, in base units of the fee token, rounded up as Tempo does. */
export function maxTransactionCost(gas: bigint, maxFeePerGas: bigint): bigint {
  return (gas * maxFeePerGas + PRICE_UNITS_PER_BASE_UNIT - 1n) / PRICE_UNITS_PER_BASE_UNIT;
}

/**
 * A `maxFeePerGas` that stays enough while the base fee rises for a few blocks, in wei. Only the base fee is paid.
 * @throws TempoError as `JsonRpc.request`; BAD_ANSWER when the base fee is absurd.
 */
export async function suggestMaxFeePerGas(rpc: JsonRpc): Promise<bigint> {
  return feeFor((await latestBlock(rpc)).baseFee);
}

/** The same from a base fee that is known, in wei. @throws TempoError BAD_ANSWER when it is absurd. */
export function feeFor(baseFee: bigint): bigint {
  if (baseFee > tempoLimits.maxBaseFeePerGas) throw new TempoError('BAD_ANSWER', 'the base fee is absurdly high');
  const doubled = baseFee * 2n;
  return doubled > tempoLimits.minMaxFeePerGas ? doubled : tempoLimits.minMaxFeePerGas;
}
