import { type BalanceOverlay, type Committee, quorumStake, validityStake } from '@fastpay/protocol';
import { lowest } from './extremes.ts';
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
  /** The validators' own clocks, unix milliseconds; the median is by stake. */
  readonly clocksMs: { readonly earliest: bigint; readonly median: bigint; readonly latest: bigint };
  /** The stake that vouches for `next` and `balance`: a quorum's, or less where `readFromSome` says why. */
  readonly support: bigint;
  /** Unsigned: what stake ≥ v of those that state the balance say it is made of; it adds up to that. */
  readonly overlay?: BalanceOverlay;
  /** Unsigned: when stake ≥ v says that the account can leave. */
  readonly exitReadyAt?: bigint;
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

/** The highest n that statements of this stake reach with their `next`; 0 when they have not as much. */
export function nextReachedBy(stake: bigint, statements: readonly VerifiedStatement[]): bigint {
  return reachedBy(stake, statements, (statement) => statement.next) ?? 0n;
}

/**
 * @param next What stake of `support` reaches or past it, as this wallet's certificates go.
 * @param spent What this wallet's certificate took in a slot, 0 for SKIP; `undefined` without a certificate.
 * @param support A quorum's stake, unless fewer may do.
 * @returns `undefined` when statements that can be carried forward stand for less than `support`.
 */
export function summarize(
  committee: Committee,
  statements: readonly VerifiedStatement[],
  next: bigint,
  spent: (sequence: bigint) => bigint | undefined,
  support = quorumStake(committee),
): AccountSummary | undefined {
  const standings = statements.map((statement) => carryForward(statement, next, spent));
  const agreeing = largestGroup(standings.filter((standing) => standing.next <= next));
  const agreed = stakeOf(agreeing) >= quorumStake(committee);
  const balance = agreed
    ? agreeing[0]?.balance
    : reachedBy(support, standings.filter(isComparable), (standing) => standing.balance);
  if (balance === undefined) return undefined;
  const supporting = agreed
    ? agreeing
    : standings.filter((standing) => standing.balance !== undefined && standing.balance >= balance);
  const signers = supporting.map(({ signer }) => signer).sort((left, right) => left - right);
  const exitReadyAt = toldAlike(committee, statements, (statement) => statement.exitReadyAt, String);
  const overlay = toldAlike(
    committee,
    statements.filter((statement) => statement.balance === balance),
    overlayThatAddsUp,
    ({ onChain, unsettledIn, unsettledOut }) => `${onChain}/${unsettledIn}/${unsettledOut}`,
  );
  return {
    next,
    balance,
    agreed,
    signers,
    ...timesOf(statements, signers),
    support,
    standings,
    ...(overlay && { overlay }),
    ...(exitReadyAt === undefined ? {} : { exitReadyAt }),
  };
}

/**
 * What statements of stake ≥ v tell alike beside what they sign: one of them is an honest validator's, though only its
 * signature would prove that the relay passed it on.
 */
export function toldAlike<Value>(
  committee: Committee,
  statements: readonly VerifiedStatement[],
  told: (statement: VerifiedStatement) => Value | undefined,
  keyOf: (value: Value) => string,
): Value | undefined {
  const groups = new Map<string, { readonly value: Value; stake: bigint }>();
  for (const statement of statements) {
    const value = told(statement);
    if (value === undefined) continue;
    const group = groups.get(keyOf(value)) ?? { value, stake: 0n };
    group.stake += statement.stake;
    groups.set(keyOf(value), group);
  }
  const validity = validityStake(committee);
  return [...groups.values()].find(({ stake }) => stake >= validity)?.value;
}

/** The balance is signed: parts that do not make it up are somebody's mistake or lie. */
function overlayThatAddsUp({ overlay, balance }: VerifiedStatement): BalanceOverlay | undefined {
  if (!overlay) return undefined;
  const { onChain, unsettledIn, unsettledOut } = overlay;
  const addsUp = unsettledIn >= 0n && unsettledOut >= 0n && onChain + unsettledIn - unsettledOut === balance;
  return addsUp ? overlay : undefined;
}

function timesOf(statements: readonly VerifiedStatement[], signers: readonly number[]) {
  const supporting = statements.filter(({ signer }) => signers.includes(signer));
  const heights = supporting.map((statement) => statement.finalizedHeight);
  return {
    finalizedHeight: lowest(heights, heights[0] ?? 0n),
    clocksMs: {
      earliest: reachedBy(stakeOf(statements), statements, clockOf) ?? 0n,
      // Fewer than a third can lie, so a quorum's median lies between the clocks of honest validators.
      median: reachedBy((stakeOf(statements) + 1n) / 2n, statements, clockOf) ?? 0n,
      latest: reachedBy(0n, statements, clockOf) ?? 0n,
    },
  };
}

const clockOf = (statement: VerifiedStatement) => statement.unixMillis;

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
