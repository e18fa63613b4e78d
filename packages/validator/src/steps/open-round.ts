import { checkNewRound, signPromise } from '@fastpay/crypto';
import type { Lock, QuorumCertificate, SignedNewRound, SignedPromise, Slot } from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { decideNewRound, type NewRoundDecision, withPromise } from '../rules/new-round.ts';
import { isSameLock } from '../rules/rounds.ts';
import type { RecordedPromise } from '../state/open-slot.ts';
import type { PromiseAnswer, Surroundings, Validator } from '../validator.ts';
import { assertListed } from './asset.ts';
import { assertAttachmentCount, mayBeCured } from './attachments.ts';
import { takeInAttachments } from './resolve.ts';
import { resolvedAnswer } from './resolved-slot.ts';

type Request = Parameters<Validator['openRound']>[0];

/** Rule 4a: cheap checks, the authority, the attachments, then read, decide and write in one go. */
export async function openRound(core: Core, request: Request, surroundings: Surroundings): Promise<PromiseAnswer> {
  const { store, context, ledger } = core;
  store.assertUsable();
  const { newRound, attachments } = request;
  const { slot, round } = newRound;
  assertAttachmentCount(attachments);
  assertListed(core, slot.asset);
  const { verifyAuthority } = checkNewRound(context, newRound);

  const early = decide(core, newRound, surroundings);
  const hasToGoOn = early.type === 'promise' || mayBeCured(early, attachments);
  if (!hasToGoOn && early.type !== 'promised') return answer(core, slot, early);
  await verifyAuthority();
  if (hasToGoOn) await takeInAttachments(core, attachments, surroundings);
  for (;;) {
    const expected = ledger.openSlot(slot)?.lock?.certificate;
    const lock = expected && lockOf(expected);
    const signed = await signPromise(context, { slot, round, lock }, core.signer, core.votingSigner);

    // From here to the write nothing may wait: what is decided is decided on what is written.
    const decision = decide(core, newRound, surroundings);
    if (decision.type !== 'promise') return answer(core, slot, decision);
    // Another request has been committed to while this was being signed, and the promise has to say so.
    if (!isSameLock(decision.lockCertificate, expected)) continue;
    record(core, signed, decision);
    await store.barrier();
    return { type: 'promise', proven: provenOf(signed, decision.lockCertificate) };
  }
}

/** What a decision that records nothing comes to. */
async function answer(
  core: Core,
  slot: Slot,
  decision: Exclude<NewRoundDecision, { type: 'promise' }>,
): Promise<PromiseAnswer> {
  switch (decision.type) {
    case 'resolved':
      return resolvedAnswer(core, slot);
    case 'refuse':
      throw decision.reject;
    case 'promised': {
      // Somebody else's request may have recorded it just now.
      await core.store.barrier();
      return { type: 'promise', proven: recalled(core, slot, decision.promise) };
    }
  }
}

function record(
  { ledger, store }: Core,
  { epoch, slot, round, signature }: SignedPromise,
  { lockCertificate, budget }: Extract<NewRoundDecision, { type: 'promise' }>,
): void {
  const promise = { epoch, round, signature: signature.signature, ...(lockCertificate && { lockCertificate }) };
  const step = store.begin();
  step.putOpenSlot(slot, withPromise(ledger.openSlot(slot), promise));
  if (budget) step.putRoundBudget(slot, budget);
  store.commit(step);
}

function decide({ ledger, network }: Core, newRound: SignedNewRound, { nowMs }: Surroundings): NewRoundDecision {
  const { slot } = newRound;
  return decideNewRound(newRound, {
    nowMs,
    committeeSize: network.committee.members.length,
    account: ledger.account(slot),
    openSlot: ledger.openSlot(slot),
    resolvedValue: ledger.resolution(slot)?.certificate.value,
    budget: ledger.roundBudget(slot),
  });
}

/** The promise as it was given, with the lock that it named then. */
function recalled({ signer }: Core, slot: Slot, { epoch, round, signature, lockCertificate }: RecordedPromise) {
  const lock = lockCertificate && lockOf(lockCertificate);
  const promise = { epoch, slot, round, ...(lock && { lock }), signature: { signer, signature } };
  return provenOf(promise, lockCertificate);
}

function provenOf(promise: SignedPromise, lockCertificate: QuorumCertificate | undefined) {
  return { promise, ...(lockCertificate && { lockCertificate }) };
}

function lockOf({ epoch, round, value }: QuorumCertificate): Lock {
  return { epoch, round, value };
}
