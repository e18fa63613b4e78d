import { verifyCommitCertificate } from '@fastpay/crypto';
import { type CommitCertificate, RejectError } from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { evidenceInPromises, heardIn } from '../rules/evidence.ts';
import { isLeftOpen } from '../rules/exit.ts';
import { haltedAccount } from '../rules/refusals.ts';
import { creditOf, decideResolve, type ResolveDecision, withCredit } from '../rules/resolve.ts';
import type { Standing } from '../state/resolution.ts';
import type { Step } from '../state/step.ts';
import type { Surroundings } from '../validator.ts';
import { raiseAlarm } from './alarm.ts';
import { keepEvidence } from './evidence.ts';

/** Rule 3: true when the resolution was new; durable when it resolves. */
export async function resolve(
  core: Core,
  certificate: CommitCertificate,
  surroundings: Surroundings,
): Promise<boolean> {
  const isNew = await takeIn(core, certificate, surroundings);
  await core.store.barrier();
  return isNew;
}

/**
 * Takes in the certificates that came along with a request (§5). One that cannot be applied yet is left out: whether it
 * was needed shows in what the request itself is answered. They are not waited for: what rests on them is written
 * later, and batches become durable in order.
 * @throws RejectError INVALID_CERTIFICATE.
 */
export async function takeInAttachments(
  core: Core,
  attachments: readonly CommitCertificate[],
  surroundings: Surroundings,
): Promise<void> {
  for (const certificate of attachments) {
    try {
      await takeIn(core, certificate, surroundings);
    } catch (error) {
      if (!(error instanceof RejectError) || !NOT_NOW.has(error.code)) throw error;
      core.store.assertUsable();
    }
  }
}

const NOT_NOW: ReadonlySet<string> = new Set(['MISSING_PREDECESSOR', 'TEMPORARILY_UNAVAILABLE']);

async function takeIn(core: Core, certificate: CommitCertificate, { nowMs }: Surroundings): Promise<boolean> {
  core.store.assertUsable();
  const early = decide(core, certificate);
  if (early.type === 'known') return false;
  if (early.type === 'refuse') throw early.reject;
  await verifyCommitCertificate(core.context, certificate);

  // From here to the write nothing may wait: what is decided is decided on what is written.
  const decision = decide(core, certificate);
  switch (decision.type) {
    case 'known':
      return false;
    case 'refuse':
      throw decision.reject;
    case 'conflict': {
      const known = core.ledger.resolution(certificate.slot);
      if (!known) throw new Error('a conflict without a certificate');
      raiseAlarm(core, {
        slot: certificate.slot,
        reason: 'conflictingCommits',
        certificates: [known.certificate, certificate],
      });
      await core.store.barrier();
      throw haltedAccount();
    }
    case 'resolve': {
      const step = core.store.begin();
      record(core, step, certificate, decision, nowMs);
      core.store.commit(step);
      return true;
    }
  }
}

function decide({ ledger }: Core, certificate: CommitCertificate): ResolveDecision {
  return decideResolve(certificate, {
    account: ledger.account(certificate.slot),
    resolvedValue: ledger.resolution(certificate.slot)?.certificate.value,
  });
}

/** Everything that a resolution changes, in one batch. */
function record(
  core: Core,
  step: Step,
  certificate: CommitCertificate,
  { account, hasAdvanced }: Extract<ResolveDecision, { type: 'resolve' }>,
  nowMs: number,
): void {
  const { ledger } = core;
  const { slot, value, signedOrder } = certificate;
  step.putAccount(slot, account);
  const credit = creditOf(certificate);
  if (signedOrder && credit !== undefined) {
    const recipient = { owner: signedOrder.order.recipient, asset: slot.asset };
    step.putAccount(recipient, withCredit(step.account(recipient), credit));
  }
  if (hasAdvanced) {
    const passed = step.deleteOpenSlot(slot);
    if (passed?.heard) keepEvidence(core, step, evidenceInPromises(heardIn(slot, passed.heard), certificate));
  }
  // The certificate holds the order from here on.
  if (signedOrder) step.putPayment(value, { slot });
  const cursor = step.log({ type: 'resolved', certificate });
  step.putResolution(cursor, certificate);
  step.moveHead({ slotsResolved: step.head.slotsResolved + 1n });
  // The chain may have been seen settling this slot before its certificate came here.
  const standing = ledger.standing(slot);
  const isFinal = standing?.stage === 'FINALIZED' && standing.value === value;
  if (!isFinal) step.enterOutbox(cursor, certificate, nowMs);
  const isUnfunded = signedOrder && !isFinal && account.balance < 0n && isLeftOpen(account, slot.sequence);
  if (isUnfunded) step.putAlarm({ slot, reason: 'unsettledAtExit', certificates: [certificate] });
  announceStanding(step, certificate, standing);
}

function announceStanding(step: Step, certificate: CommitCertificate, standing: Standing | undefined): void {
  // A block that showed it may have been abandoned since.
  if (!standing || standing.stage === 'QUEUED_ONCHAIN') return;
  const { value, stage, settlement } = standing;
  if (value !== certificate.value) {
    step.putAlarm({
      slot: certificate.slot,
      reason: 'settledOtherwise',
      certificates: [certificate],
      ...(settlement && { settlement }),
    });
    step.putAccount(certificate.slot, { ...accountOf(step, certificate), isHalted: true });
    return;
  }
  step.log({ type: 'settlement', transactionHash: value, stage, certificate, ...(settlement && { settlement }) });
}

function accountOf(step: Step, { slot }: CommitCertificate) {
  const account = step.account(slot);
  if (!account) throw new Error('a resolved slot without an account');
  return account;
}
