/** One account of the reserve (§6). */
export interface ReserveAccount {
  /** Base units. */
  readonly balance: bigint;
  /** The slot that settles next: every one below is settled, none above. */
  readonly next: bigint;
}

export const NO_ACCOUNT: ReserveAccount = { balance: 0n, next: 0n };
