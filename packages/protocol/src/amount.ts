import { type Amount, toAmount } from './brand.ts';
import { RejectError } from './reject.ts';

/** Every asset of version 1 has six decimals: 1 USD = 1,000,000 base units. */
export const ASSET_DECIMALS = 6;
const UNIT = 1_000_000n;

/**
 * Parses a decimal amount of dollars as a person types it (`12`, `12.5`, `0.000001`).
 * Surplus decimals are refused, never rounded.
 * @throws RejectError INVALID_FORMAT.
 */
export function parseAmount(text: string): Amount {
  const match = /^(\d{1,20})(?:\.(\d+))?$/.exec(text.trim());
  if (!match) throw new RejectError('INVALID_FORMAT', 'an amount is digits, with at most one decimal point');
  const [, whole = '', fraction = ''] = match;
  if (fraction.length > ASSET_DECIMALS) {
    throw new RejectError('INVALID_FORMAT', `an amount has at most ${ASSET_DECIMALS} decimals`);
  }
  return toAmount(BigInt(whole) * UNIT + BigInt(fraction.padEnd(ASSET_DECIMALS, '0')));
}

/** Exact decimal text of base units, at least two decimals, no grouping: 1500000n is `1.50`. */
export function formatAmount(value: bigint): string {
  const sign = value < 0n ? '-' : '';
  const absolute = value < 0n ? -value : value;
  const fraction = (absolute % UNIT)
    .toString()
    .padStart(ASSET_DECIMALS, '0')
    .replace(/0{1,4}$/, '');
  return `${sign}${absolute / UNIT}.${fraction}`;
}
