/** One account of the reserve (§6). */
export interface ReserveAccount {
  /** Base units. */
  readonly balance: bigint;
  /** Every slot below is used. */
  readonly base: bigint;
  /** Bit i tells whether slot base + i is used; bit 0 never is. */
  readonly bitmap: bigint;
}

export const WINDOW = 64n;
export const NO_ACCOUNT: ReserveAccount = { balance: 0n, base: 0n, bitmap: 0n };

export function isUsed({ base, bitmap }: ReserveAccount, sequence: bigint): boolean {
  return sequence < base || (sequence < base + WINDOW && ((bitmap >> (sequence - base)) & 1n) === 1n);
}

/** The account after an unused slot inside its window was used: the window moves over the used ones at its start. */
export function withUsed(account: ReserveAccount, sequence: bigint): ReserveAccount {
  let { base } = account;
  let bitmap = account.bitmap | (1n << (sequence - base));
  while ((bitmap & 1n) === 1n) {
    bitmap >>= 1n;
    base += 1n;
  }
  return { ...account, base, bitmap };
}
