import { type Committee, quorumStake } from '@fastpay/protocol';
import { lowest } from './lowest.ts';
import { stakeOf, type VerifiedStatement } from './statements.ts';

/**
 * How statements of several validators become one account (§7 rules 3 and 9).
 *
 * - `next` is the highest slot n for which statements of stake ≥ q say that all slots below n are resolved, and from
 *   there on past every slot for which this wallet holds a verified commit certificate: that is the word of a quorum
 *   too. Nothing is ever signed for a later slot.
 * - Each statement is carried forward to `next` by taking off what the certificates of this wallet took from the
 *   balance in the slots that the validator has not resolved yet. (One that resolved them out of order counts them
 *   twice: that makes the result smaller, never larger.)
 * - If statements of stake ≥ q are then equal, that is the balance (`agreed`).
 * - Otherwise the balance is the most that statements of stake ≥ q reach. A validator past `next` counts with what it
 *   says: it has paid more out, not less. So this is a lower bound that a quorum vouches for.
 */
export interface AccountSummary {
  readonly next: bigint;
  readonly balance: bigint;
  readonly agreed: boolean;
  /** Whose statements support the balance. */
  readonly signers: readonly number[];
  /** The lowest among the signers. */
  readonly finalizedHeight: bigint;
  /** Unix milliseconds: the median of the validators' clocks, by stake. */
  readonly clockMs: bigint;
  /** Every statement heard, carried forward. */
  readonly standings: readonly Standing[];
}

export interface Standing {
  readonly signer: number;
  readonly stake: bigint;
  /** As stated. */
  readonly next: bigint;
  /** Once the slots below the account's `next` are resolved; absent when this wallet lacks a certificate to tell. */
  readonly balance?: bigint;
}

/** The highest n that statements of stake ≥ q reach with their `next`. They stand for a quorum. */
export function quorumNext(committee: Committee, statements: readonly VerifiedStatement[]): bigint {
  return reachedBy(quorumStake(committee), statements, (statement) => statement.next) ?? 0n;
}

/**
 * @param next `quorumNext` or past it, as this wallet's certificates go.
 * @param spent What this wallet's certificate took in a slot, 0 for SKIP; `undefined` without a certificate.
 * @returns `undefined` when statements that can be carried forward stand for less than a quorum.
 */
export function summarize(
  committee: Committee,
  statements: readonly VerifiedStatement[],
  next: bigint,
  spent: (sequence: bigint) => bigint | undefined,
): AccountSummary | undefined {
  const standings = statements.map((statement) => carryForward(statement, next, spent));
  const agreeing = largestGroup(standings.filter((standing) => standing.next <= next));
  const quorum = quorumStake(committee);
  const agreed = stakeOf(agreeing) >= quorum;
  const balance = agreed
    ? agreeing[0]?.balance
    : reachedBy(quorum, standings.filter(isComparable), (standing) => standing.balance);
  if (balance === undefined) return undefined;
  const supporting = agreed
    ? agreeing
    : standings.filter((standing) => standing.balance !== undefined && standing.balance >= balance);
  const signers = supporting.map(({ signer }) => signer).sort((left, right) => left - right);
  return { next, balance, agreed, signers, ...timesOf(statements, signers), standings };
}

function timesOf(statements: readonly VerifiedStatement[], signers: readonly number[]) {
  const supporting = statements.filter(({ signer }) => signers.includes(signer));
  const heights = supporting.map((statement) => statement.finalizedHeight);
  return {
    finalizedHeight: lowest(heights, heights[0] ?? 0n),
    // Fewer than a third can lie, so the median lies between the clocks of honest validators.
    clockMs: reachedBy((stakeOf(statements) + 1n) / 2n, statements, (statement) => statement.unixMillis) ?? 0n,
  };
}

function carryForward(
  { signer, stake, next: stated, balance }: VerifiedStatement,
  next: bigint,
  spent: (sequence: bigint) => bigint | undefined,
): Standing {
  const standing = { signer, stake, next: stated };
  let carried = balance;
  for (let sequence = stated; sequence < next; sequence++) {
    const cost = spent(sequence);
    if (cost === undefined) return standing;
    carried -= cost;
  }
  return { ...standing, balance: carried };
}

function isComparable(standing: Standing): standing is Standing & { readonly balance: bigint } {
  return standing.balance !== undefined;
}

function largestGroup(standings: readonly Standing[]): readonly (Standing & { readonly balance: bigint })[] {
  const groups = Map.groupBy(standings.filter(isComparable), (standing) => standing.balance);
  return [...groups.values()].reduce<readonly (Standing & { readonly balance: bigint })[]>(
    (largest, group) => (stakeOf(group) > stakeOf(largest) ? group : largest),
    [],
  );
}

/** The largest value that items of at least this stake reach. */
export function reachedBy<Item extends { readonly stake: bigint }>(
  stake: bigint,
  items: readonly Item[],
  measure: (item: Item) => bigint,
): bigint | undefined {
  let reached = 0n;
  for (const item of items.toSorted((left, right) => (measure(left) > measure(right) ? -1 : 1))) {
    reached += item.stake;
    if (reached >= stake) return measure(item);
  }
  return undefined;
}
