import { parseAmount, RejectError } from '@fastpay/protocol';

/** What a person may have in the amount field while typing. */
const PARTIAL = /^\d{0,13}(\.\d{0,6})?$/;

/** Takes commas for points and drops spaces; undefined when the text cannot become an amount. */
export function cleanAmountText(text: string): string | undefined {
  const compact = text.replace(/\s/g, '');
  // 1,234.50 groups thousands; 12,5 is a decimal comma.
  const point = compact.includes('.') ? compact.replaceAll(',', '') : compact.replace(',', '.');
  const clean = point.startsWith('.') ? `0${point}` : point.replace(/^0+(?=\d)/, '');
  return PARTIAL.test(clean) ? clean : undefined;
}

export type PadKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '.' | 'back';

export function pressPadKey(text: string, key: PadKey): string {
  if (key === 'back') return text.slice(0, -1);
  if (key === '.' && text.includes('.')) return text;
  return cleanAmountText(text + key) ?? text;
}

/** Base units of a finished text; undefined while it is empty, zero or not an amount. */
export function amountOf(text: string): bigint | undefined {
  try {
    const amount = parseAmount(text.endsWith('.') ? text.slice(0, -1) : text);
    return amount > 0n ? amount : undefined;
  } catch (error) {
    if (error instanceof RejectError) return undefined;
    throw error;
  }
}

/** Money that is to leave, as far as it is known. Base units. */
export interface Spend {
  /** Undefined while the text is not an amount. */
  readonly amount: bigint | undefined;
  /** What can leave beside the fee; undefined while balance or fee are not known. */
  readonly most: bigint | undefined;
  readonly tooMuch: boolean;
}

export function readSpend(text: string, available: bigint | undefined, fee: bigint | undefined): Spend {
  const amount = amountOf(text);
  if (available === undefined || fee === undefined) return { amount, most: undefined, tooMuch: false };
  const most = available > fee ? available - fee : 0n;
  return { amount, most, tooMuch: amount !== undefined && amount > most };
}
