import type { Replaceable } from '../platform/ports.ts';

export function writeReplaceable({ nonce, validBefore }: Replaceable): string {
  return `${nonce} ${validBefore}`;
}

/** Reads what `writeReplaceable` wrote; anything else is nothing. */
export function readReplaceable(text: string | undefined): Replaceable | undefined {
  const { nonce, validBefore } = /^(?<nonce>\d{1,20}) (?<validBefore>\d{1,20})$/.exec(text ?? '')?.groups ?? {};
  if (nonce === undefined || validBefore === undefined) return undefined;
  return { nonce: BigInt(nonce), validBefore: BigInt(validBefore) };
}
