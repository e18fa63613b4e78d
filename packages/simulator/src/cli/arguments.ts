import { SIZES, type Size } from '../plan/sizes.ts';
import type { CryptoChoice } from './batch.ts';

/** What commands take. Every reader throws an Error that names the option. */

export function wholeNumber(text: string, name: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`--${name} takes a whole number, not ${text}`);
  return number;
}

export function cryptoChoice(text: string): CryptoChoice {
  if (text === 'mixed' || text === 'simulated' || text === 'real') return text;
  throw new Error(`--crypto is mixed, simulated or real, not ${text}`);
}

export function sizeChoice(text: string): Size {
  const size = SIZES.find((name) => name === text);
  if (!size) throw new Error(`--size is ${SIZES.join(', ')}, not ${text}`);
  return size;
}

/** From the clock: another one each time. */
export function freshSeed(): string {
  return `${Date.now() % 1_000_000_000}`;
}
