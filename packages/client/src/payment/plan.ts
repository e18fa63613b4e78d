import type { Address } from '@fastpay/protocol';
import {
  type CommitCertificate,
  type Committee,
  formatAmount,
  limits,
  type PaymentOrder,
  quorumStake,
  RejectError,
  toAmount,
  toSequence,
  validityStake,
  ZERO_HASH,
} from '@fastpay/protocol';
import { highest, lowest } from '../account/extremes.ts';
import { type AccountSummary, reachedBy } from '../account/summary.ts';
import type { PaymentIntent } from '../client.ts';
import { clientLimits } from '../limits.ts';

export interface PlanInput {
  readonly owner: Address;
  readonly intent: PaymentIntent;
  /** Base units. */
  readonly fee: bigint;
  readonly summary: AccountSummary;
  /** Certificates that pay the account, newest first. */
  readonly received: readonly CommitCertificate[];
  /** This device's clock, unix milliseconds. */
  readonly deviceMs: bigint;
}

/**
 * The order to sign: the next slot, the least fee, and as parents the payments received that some validator may not
 * have taken in yet and without which it would find the account too poor (§3).
 *
 * An order that is signed holds its slot until it is paid, so it must be payable. It is when statements of stake ≥ q
 * reach amount and fee; or when those of stake ≥ v do, one of which is an honest validator's, and certificates at hand
 * make up for what the others lack.
 * @throws RejectError INSUFFICIENT_FUNDS, INVALID_FORMAT.
 */
export function planPayment(committee: Committee, input: PlanInput): PaymentOrder {
  const { owner, intent, summary } = input;
  const amount = toAmount(intent.amount);
  const fee = toAmount(input.fee);
  const parents = chooseParents(committee, input, amount + fee);
  return {
    kind: intent.kind,
    sender: owner,
    recipient: intent.recipient,
    asset: intent.asset,
    amount,
    fee,
    sequence: toSequence(summary.next),
    validUntil: validUntilOf(committee, input),
    memo: intent.memo ?? ZERO_HASH,
    parents: parents.map((certificate) => certificate.value),
  };
}

/**
 * By the validators' clocks: a device whose own is wrong would sign what nobody votes on. Where fewer than a quorum
 * answer, their median may be a liar's, so it is this device's clock within theirs; and as the payment is going to
 * wait for more of them, it gets more time.
 */
function validUntilOf(committee: Committee, { summary, deviceMs }: PlanInput): bigint {
  const { earliest, median, latest } = summary.clocksMs;
  if (summary.support >= quorumStake(committee)) return median / 1_000n + limits.defaultOrderLifeSeconds;
  const clamped = highest([earliest], lowest([deviceMs], latest));
  return clamped / 1_000n + clientLimits.waitingOrderLifeSeconds;
}

function chooseParents(committee: Committee, { summary, received, fee }: PlanInput, needed: bigint) {
  const comparable = summary.standings.flatMap(({ next, stake, balance }) =>
    balance === undefined || next > summary.next ? [] : [{ stake, balance }],
  );
  const poorest = lowest(
    comparable.map(({ balance }) => balance),
    summary.balance,
  );
  if (summary.balance >= needed) return coveringParents(received, needed - poorest).parents;
  const witnessed = reachedBy(validityStake(committee), comparable, ({ balance }) => balance) ?? summary.balance;
  const { parents, covered } = coveringParents(received, needed - summary.balance);
  if (witnessed >= needed && covered) return parents;
  throw new RejectError(
    'INSUFFICIENT_FUNDS',
    `the payment takes ${formatAmount(needed)} with its fee of ${formatAmount(fee)}, but ${formatAmount(summary.balance)} is there`,
    { balance: summary.balance, requiredFee: fee },
  );
}

/** The newest received payments that together reach the shortfall, at most `limits.parents`. */
function coveringParents(received: readonly CommitCertificate[], shortfall: bigint) {
  const parents: CommitCertificate[] = [];
  let missing = shortfall;
  for (const certificate of received) {
    if (missing <= 0n || parents.length === limits.parents) break;
    parents.push(certificate);
    missing -= certificate.signedOrder?.order.amount ?? 0n;
  }
  return { parents, covered: missing <= 0n };
}
