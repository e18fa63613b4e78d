import {
  checkPromises,
  type PayerSigner,
  signNewRound,
  signProposal,
  verifyNewRound,
  verifyProposal,
} from '@fastpay/crypto';
import {
  type AccountId,
  type CommitCertificate,
  chooseValue,
  encodeCertificate,
  type Hash,
  quorumStake,
  RejectError,
  type RoundChoice,
  SKIP,
  type Slot,
  slotOf,
  stakeOfDistinct,
} from '@fastpay/protocol';
import { adoptOrder } from '../account/read-account.ts';
import type { PaymentProgress, RoundProgress } from '../client.ts';
import type { ClientCore } from '../core.ts';
import { ConflictingCertificatesError } from '../errors.ts';
import type { JournalEntry, JournaledRound, ProposedRound, RoundAnswer } from '../store/client-store.ts';
import { attachmentsFor } from './attachments.ts';
import { closeSlot } from './close-slot.ts';
import { collectPromises } from './collect-promises.ts';
import type { DrivenValue } from './collector.ts';
import { type Driven, drive } from './drive.ts';
import { openEntriesOf } from './open-slot.ts';
import { afterProposal, isRoundTooLow } from './refusals.ts';
import type { ResendOptions } from './resend.ts';
import { alone, wrongSigner } from './signing.ts';
import { stalledBecause } from './stalled.ts';

export interface RoundOptions extends ResendOptions {
  /** The journaled payment that the snapshots tell about. */
  readonly entry: JournalEntry;
  readonly aim: 'finish' | 'cancel';
  readonly signer: PayerSigner | undefined;
  /** Orders not to put forward: no validator would take them. */
  readonly hopeless: ReadonlySet<Hash>;
}

/** How one round ended; `next` says what a further one should do differently. */
export type RoundEnd =
  | Extract<Driven, { type: 'resolved' }>
  | (Extract<Driven, { type: 'stalled' }> & {
      /**
       * tooLow: validators have promised a higher one. contested: something else was signed in it. refused: the order
       * was, though the round was free. later: too few answer, or the key is missing.
       */
      readonly next: 'tooLow' | 'contested' | 'refused' | 'later';
    });

/**
 * One higher round (§5 rule 4): opens it, collects a quorum's promises, puts forward what they allow, and drives that.
 * Each signature is in the journal before it is sent. A round in which this wallet has proposed before is taken up with
 * the identical bytes: one value per round, whatever happens in between.
 */
export async function* runRound(
  core: ClientCore,
  account: AccountId,
  options: RoundOptions & { readonly isCancelling: boolean },
  round: number,
): AsyncGenerator<PaymentProgress, RoundEnd> {
  const { entry, signal, isCancelling, stopwatch } = options;
  const slot = slotOf(entry.signedOrder.order);
  const snapshot = (promises: readonly number[], more: Partial<PaymentProgress> = {}): PaymentProgress => ({
    transactionHash: entry.transactionHash,
    order: entry.signedOrder.order,
    state: 'signed',
    votes: [],
    commits: [],
    times: entry.times,
    failures: new Map(),
    round: { round, promises },
    ...more,
  });
  const stall = (next: 'tooLow' | 'later', reject: RejectError, last: PaymentProgress): RoundEnd => ({
    type: 'stalled',
    next,
    reject,
    last: { ...last, state: 'stalled', stalled: stalledBecause(reject) },
  });

  const close = async (certificate: CommitCertificate) => {
    const closed = await closeSlot(core, entry, certificate, { times: entry.times, stopwatch, isCancelling });
    return snapshot([], closed);
  };
  const opened = await orRefusal(openRound(core, account, { slot, round, ...options }));
  if (opened instanceof RejectError) return stall('later', opened, snapshot([]));
  if (opened.type === 'resolved') {
    yield await close(opened.certificate);
    return { type: 'resolved' };
  }
  const journaled = opened.round;
  const attachments = await attachmentsFor(core, entry.signedOrder.order, options.summary);
  let proposal = journaled.proposal;
  if (!proposal) {
    yield snapshot([]);
    const { newRound } = journaled;
    const collected = await collectPromises(core, { newRound, attachments }, signal);
    const { failures } = collected;
    if (collected.certificate) {
      yield await close(collected.certificate);
      return { type: 'resolved' };
    }
    const promised = collected.promises.map(({ promise }) => promise.signature.signer);
    if ((stakeOfDistinct(core.context.committee, promised) ?? 0n) < quorumStake(core.context.committee)) {
      const next = isRoundTooLow(core, promised, failures) ? 'tooLow' : 'later';
      return stall(next, collected.problem ?? tooFewPromises(core, promised), snapshot(promised, { failures }));
    }
    const choice = chooseValue(collected.promises);
    assertNoConflict(core, slot, round, choice);
    yield snapshot(promised, { failures });
    const signed = await orRefusal(propose(core, account, choice, { slot, round, ...options }));
    if (signed instanceof RejectError) return stall('later', signed, snapshot(promised, { failures }));
    if (signed.type === 'resolved') {
      yield await close(signed.certificate);
      return { type: 'resolved' };
    }
    proposal = signed.round.proposal;
  }

  const { proposal: signed, promises } = proposal;
  const { value, signedOrder } = signed;
  const driven: DrivenValue = { slot, round, value, ...(signedOrder ? { signedOrder } : {}) };
  const progress: RoundProgress = { round, promises: promises.map(({ signature }) => signature.signer), value };
  const bundle = { ...proposal, attachments };
  const ended = yield* drive(core, {
    entry,
    driven,
    round: progress,
    isCancelling,
    stopwatch,
    signal,
    send: (ending) => core.transport.submitProposal(bundle, ending),
  });
  if (ended.type === 'resolved') return ended;
  const isFree = value !== SKIP && proposal.lockCertificates.length === 0;
  return { ...ended, next: afterProposal(core, ended.last.failures, isFree) };
}

type SigningOptions = RoundOptions & { readonly slot: Slot; readonly round: number };

/**
 * The journal of the round, begun with a signature unless it stands there already.
 * @throws RejectError TEMPORARILY_UNAVAILABLE without a key, or while another window signs.
 */
async function openRound(
  core: ClientCore,
  account: AccountId,
  { slot, round, signer, signal }: SigningOptions,
): Promise<RoundAnswer<JournaledRound>> {
  const { context, store } = core;
  const which = { epoch: context.committee.epoch, round };
  const journaled = await store.round(slot, which);
  if (journaled) return { type: 'journaled', round: journaled };
  if (!signer) throw locked();
  const open = async (): Promise<RoundAnswer<JournaledRound>> => {
    const other = await store.round(slot, which);
    if (other) return { type: 'journaled', round: other };
    const newRound = await signNewRound(context, slot, round, signer);
    await assertUsable(verifyNewRound(context, newRound));
    return store.journalNewRound(newRound);
  };
  return alone(core, account, open, signal);
}

/**
 * Chooses the round's value, signs it and puts it into the journal; what another window put there first stands.
 * @throws RejectError TEMPORARILY_UNAVAILABLE without a key, or while another window signs.
 */
async function propose(
  core: ClientCore,
  account: AccountId,
  choice: RoundChoice,
  options: SigningOptions,
): Promise<RoundAnswer<ProposedRound>> {
  const { slot, round, signer, signal } = options;
  const { context, store } = core;
  if (!signer) throw locked();
  const { highestLock, promises, lockCertificates } = choice;
  // Made on another device, or before a restore: it is this owner's all the same.
  if (highestLock?.signedOrder) await adoptOrder(core, account, highestLock.signedOrder);
  const sign = async (): Promise<RoundAnswer<ProposedRound>> => {
    const journaled = await store.round(slot, { epoch: context.committee.epoch, round });
    if (journaled?.proposal) return { type: 'journaled', round: { ...journaled, proposal: journaled.proposal } };
    const { value, signedOrder } = highestLock ?? (await freeChoice(core, options));
    const proposal = await signProposal(context, { slot, round, value }, signedOrder, signer);
    await assertUsable(verifyProposal(context, proposal));
    return store.journalProposal({ proposal, promises, lockCertificates });
  };
  return alone(core, account, sign, signal);
}

/** Where nobody is locked: an order of the owner's for this slot that may still pass, or nothing. */
async function freeChoice(
  core: ClientCore,
  { slot, aim, hopeless }: SigningOptions,
): Promise<Pick<DrivenValue, 'value' | 'signedOrder'>> {
  if (aim === 'cancel') return { value: SKIP };
  const entries = await openEntriesOf(core, slot);
  const order = entries.find(({ transactionHash }) => !hopeless.has(transactionHash));
  return order ? { value: order.transactionHash, signedOrder: order.signedOrder } : { value: SKIP };
}

/** Two certified values of one round: the assumption that less than a third of the stake lies is broken. */
function assertNoConflict(core: ClientCore, slot: Slot, round: number, choice: RoundChoice): void {
  const { epoch } = core.context.committee;
  const { conflict } = checkPromises(core.context, { epoch, slot, round, ...choice });
  if (!conflict) return;
  const [first, second] = conflict;
  throw new ConflictingCertificatesError([encodeCertificate(first), encodeCertificate(second)]);
}

/** A signature that validators would refuse must not take the round. */
async function assertUsable(verified: Promise<void>): Promise<void> {
  try {
    await verified;
  } catch (error) {
    throw wrongSigner('The signature that the key made does not verify.', error);
  }
}

async function orRefusal<Value>(attempt: Promise<Value>): Promise<Value | RejectError> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof RejectError) return error;
    throw error;
  }
}

function locked(): RejectError {
  return new RejectError('TEMPORARILY_UNAVAILABLE', 'the slot can be ended only with the key of this account');
}

function tooFewPromises(core: ClientCore, promised: readonly number[]): RejectError {
  const { members } = core.context.committee;
  const text = `${promised.length} of ${members.length} validators take part in ending the slot; that is not enough`;
  return new RejectError('TEMPORARILY_UNAVAILABLE', text);
}
