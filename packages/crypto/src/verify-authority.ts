import {
  driverBytes,
  equalSlots,
  type Hash,
  limits,
  newRoundDigest,
  proposeDigest,
  RejectError,
  type RoundAuthority,
  type SignedNewRound,
  type SignedProposal,
  SKIP,
  type Slot,
  slotOf,
} from '@fastpay/protocol';
import { memberThatSigned, votingKeyCheck } from './committee-signature.ts';
import type { VerificationContext } from './context.ts';
import { verifyPayerSignature } from './payer-signature.ts';
import { type CheckedOrder, checkOrder } from './verify-order.ts';

/**
 * On whose word a higher round is opened or a value proposed (§5 rules 4 and 6). Whether a driver may speak for the
 * account just now is the ledger's question, not this one's.
 */

/** A message whose form is checked, and whose signature is still to be. */
export interface CheckedAuthority {
  /** @throws RejectError INVALID_SIGNATURE. */
  verifyAuthority(): Promise<void>;
}

export interface CheckedProposal extends CheckedAuthority {
  /** Absent exactly when the value is SKIP. Its payer's signature is still to be verified. */
  readonly order?: CheckedOrder;
}

/** @throws RejectError INVALID_FORMAT or INVALID_SIGNATURE. */
export async function verifyNewRound(context: VerificationContext, newRound: SignedNewRound): Promise<void> {
  await checkNewRound(context, newRound).verifyAuthority();
}

/**
 * A proposal with its order, if it has one. The promises that allow the value are `verifyPromises`' question.
 * @throws RejectError INVALID_FORMAT, NOT_PAYMENT or INVALID_SIGNATURE.
 */
export async function verifyProposal(context: VerificationContext, proposal: SignedProposal): Promise<void> {
  const checked = checkProposal(context, proposal);
  await checked.verifyAuthority();
  await checked.order?.verifyPayer();
}

/**
 * The cheap half of `verifyNewRound`.
 * @throws RejectError INVALID_FORMAT or INVALID_SIGNATURE.
 */
export function checkNewRound(context: VerificationContext, newRound: SignedNewRound): CheckedAuthority {
  const { epoch, slot, round, authority } = newRound;
  assertForm(context, epoch, round, authority);
  const digest = () => newRoundDigest({ separator: context.separator, epoch }, slot, round);
  return { verifyAuthority: () => verifyAuthority(context, epoch, slot, digest(), authority) };
}

/**
 * The cheap half of `verifyProposal`.
 * @throws RejectError INVALID_FORMAT, NOT_PAYMENT or INVALID_SIGNATURE.
 */
export function checkProposal(context: VerificationContext, proposal: SignedProposal): CheckedProposal {
  const { epoch, slot, round, value, authority } = proposal;
  assertForm(context, epoch, round, authority);
  const order = orderBehind(context, proposal);
  const digest = () => proposeDigest({ separator: context.separator, epoch }, { slot, round, value });
  return {
    verifyAuthority: () => verifyAuthority(context, epoch, slot, digest(), authority),
    ...(order && { order }),
  };
}

function assertForm(context: VerificationContext, epoch: bigint, round: number, authority: RoundAuthority): void {
  if (epoch !== context.committee.epoch) {
    throw new RejectError('INVALID_FORMAT', `the round is of epoch ${epoch}, not ${context.committee.epoch}`);
  }
  if (!Number.isInteger(round) || round < 1 || round > limits.maxRound) {
    throw new RejectError('INVALID_FORMAT', `a higher round is a whole number from 1 to ${limits.maxRound}`);
  }
  if (authority.type === 'owner' && round >= limits.firstExitRound) {
    throw new RejectError('INVALID_FORMAT', `an owner’s rounds lie below ${limits.firstExitRound}`);
  }
  if (authority.type === 'driver') {
    if (round < limits.firstExitRound) {
      throw new RejectError('INVALID_FORMAT', `rounds below ${limits.firstExitRound} are the owner’s`);
    }
    memberThatSigned(context, epoch, authority.signature.signer);
  }
}

function orderBehind(context: VerificationContext, { slot, value, signedOrder }: SignedProposal) {
  if ((value === SKIP) !== (signedOrder === undefined)) {
    throw new RejectError('INVALID_FORMAT', 'a proposal carries an order unless its value is SKIP');
  }
  if (!signedOrder) return undefined;
  if (!equalSlots(slotOf(signedOrder.order), slot)) {
    throw new RejectError('INVALID_FORMAT', 'the proposed order belongs to another slot');
  }
  const checked = checkOrder(context, signedOrder);
  if (checked.hash !== value) throw new RejectError('INVALID_FORMAT', 'the proposed order does not hash to the value');
  return checked;
}

async function verifyAuthority(
  context: VerificationContext,
  epoch: bigint,
  slot: Slot,
  digest: Hash,
  authority: RoundAuthority,
): Promise<void> {
  if (authority.type === 'owner') {
    if (await verifyPayerSignature(context.engine, digest, authority.signature, slot.owner)) return;
    throw new RejectError('INVALID_SIGNATURE', 'the round does not bear a canonical signature of the account’s owner');
  }
  const member = memberThatSigned(context, epoch, authority.signature.signer);
  const check = votingKeyCheck(context, driverBytes({ separator: context.separator, epoch }, digest));
  if (await check(member, authority.signature)) return;
  throw new RejectError('INVALID_SIGNATURE', `the round does not bear the signature of ${member.name}`);
}
