import { signCommit, verifyQuorumCertificate } from '@fastpay/crypto';
import { type QuorumCertificate, RejectError, type SignedBallot } from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { type CommitDecision, decideCommit, withLock } from '../rules/commit.ts';
import { haltedAccount } from '../rules/refusals.ts';
import type { CommitAnswer, Surroundings, Validator } from '../validator.ts';
import { raiseAlarm } from './alarm.ts';
import { assertAttachmentCount, mayBeCured } from './attachments.ts';
import { takeInAttachments } from './resolve.ts';
import { resolvedAnswer, sequenceTooLowAt } from './resolved-slot.ts';

type Request = Parameters<Validator['commit']>[0];

/** Rule 2: cheap checks, the certificate, the attachments, then read, decide and write in one go. */
export async function commit(core: Core, request: Request, surroundings: Surroundings): Promise<CommitAnswer> {
  const { store, context } = core;
  store.assertUsable();
  const { certificate, attachments } = request;
  assertAttachmentCount(attachments);
  assertEpoch(core, certificate);

  const early = decide(core, certificate, surroundings);
  const hasToGoOn = early.type === 'commit' || early.type === 'conflict' || mayBeCured(early, attachments);
  if (!hasToGoOn) return answer(core, certificate, early);
  await verifyQuorumCertificate(context, certificate);
  await takeInAttachments(core, attachments, surroundings);
  const { slot, round, value } = certificate;
  const signed = await signCommit(context, { slot, round, value }, core.signer, core.settlementSigner);

  // From here to the write nothing may wait: what is decided is decided on what is written.
  const decision = decide(core, certificate, surroundings);
  if (decision.type === 'conflict') {
    const certificates = [decision.lock.certificate, certificate];
    raiseAlarm(core, { slot, reason: 'conflictingQuorums', certificates });
    await store.barrier();
    throw haltedAccount();
  }
  if (decision.type !== 'commit') return answer(core, certificate, decision);
  record(core, certificate, signed, surroundings);
  await store.barrier();
  return { type: 'commit', commit: signed };
}

/** What a decision that records nothing comes to. */
async function answer(
  core: Core,
  { epoch, slot, round, value }: QuorumCertificate,
  decision: Exclude<CommitDecision, { type: 'commit' | 'conflict' }>,
): Promise<CommitAnswer> {
  switch (decision.type) {
    case 'resolved':
      return resolvedAnswer(core, slot);
    case 'occupied':
      throw sequenceTooLowAt(core, slot);
    case 'refuse':
      throw decision.reject;
    case 'committed': {
      // Somebody else's request may have recorded it just now.
      await core.store.barrier();
      const { signature } = decision.lock;
      return { type: 'commit', commit: { epoch, slot, round, value, signature: { signer: core.signer, signature } } };
    }
  }
}

function record(
  { ledger, store }: Core,
  certificate: QuorumCertificate,
  { signature }: SignedBallot,
  { nowMs }: Surroundings,
): void {
  const { slot, value, signedOrder } = certificate;
  const step = store.begin();
  const lock = { certificate, signature: signature.signature, lockedAtMs: Math.floor(nowMs) };
  step.putOpenSlot(slot, withLock(ledger.openSlot(slot), lock));
  if (signedOrder && !ledger.payment(value)) step.putPayment(value, { slot, signedOrder });
  step.moveHead({ commitsSigned: step.head.commitsSigned + 1n, lastSignedAtMs: BigInt(Math.floor(nowMs)) });
  store.commit(step);
}

function decide({ ledger, network }: Core, certificate: QuorumCertificate, { nowMs }: Surroundings): CommitDecision {
  const { slot } = certificate;
  return decideCommit(certificate, {
    account: ledger.account(slot),
    openSlot: ledger.openSlot(slot),
    resolvedValue: ledger.resolution(slot)?.certificate.value,
    now: BigInt(Math.floor(nowMs / 1_000)),
    exitDelaySeconds: network.exitDelaySeconds,
  });
}

function assertEpoch({ network }: Core, { epoch }: QuorumCertificate): void {
  if (epoch === network.committee.epoch) return;
  throw new RejectError(
    'INVALID_CERTIFICATE',
    `the certificate is of epoch ${epoch}, the committee of epoch ${network.committee.epoch}`,
  );
}
