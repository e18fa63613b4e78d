import type { Hash, PaymentOrder, Slot } from '@fastpay/protocol';

/** The invariants of PROTOCOL §12, and what no program may do. */
export type Invariant =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'I7'
  | 'I8'
  | 'I9'
  | 'I10'
  | 'I11'
  | 'I12'
  /** An exception that is no refusal, or a promise that nobody caught. */
  | 'crash'
  /** A rule of §5 or §7 that a node broke in sight, short of an invariant. */
  | 'rule';

export type Violate = (invariant: Invariant, what: string) => void;

/** What the model knows of the committee: stakes, thresholds (§2), and who follows the rules. */
export interface CommitteeFacts {
  readonly stakes: readonly bigint[];
  readonly byzantine: ReadonlySet<number>;
}

/** A commit certificate can exist: this value is what the slot holds, for ever. */
export interface Settled {
  readonly slot: Slot;
  readonly value: Hash;
  /** Absent for SKIP. */
  readonly order?: PaymentOrder;
  readonly round: number;
}

export const SKIP_VALUE = `0x${'00'.repeat(32)}`;

/** owner/asset/sequence. */
export function slotName({ owner, asset, sequence }: Slot): string {
  return `${owner}/${asset}/${sequence}`;
}

export function accountName({ owner, asset }: { readonly owner: string; readonly asset: string }): string {
  return `${owner}/${asset}`;
}

/** For people: the first digits tell hashes apart. */
export function brief(value: string): string {
  return value === SKIP_VALUE ? 'SKIP' : value.slice(0, 10);
}
