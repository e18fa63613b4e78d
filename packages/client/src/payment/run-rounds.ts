import { type AccountId, limits, SKIP, type Slot, slotOf } from '@fastpay/protocol';
import type { PaymentProgress } from '../client.ts';
import type { ClientCore } from '../core.ts';
import { clientLimits } from '../limits.ts';
import { noWakeUps } from '../ports/wake.ts';
import { createBackoff } from '../sync/backoff.ts';
import type { Driven } from './drive.ts';
import { type RoundOptions, runRound } from './run-round.ts';

/**
 * Runs higher rounds until the slot is resolved, or nothing is left to try now (§7 rule 3). Goes on with the last round
 * in the journal. Where validators have promised a higher one, tries 1, 2, 4, 8, … rather than believing a number;
 * where another device came in between, waits for a random time before the next; where a free order is refused, the
 * next round leaves the slot empty, which needs nobody's money or clock.
 */
export async function* runRounds(
  core: ClientCore,
  account: AccountId,
  options: RoundOptions,
): AsyncGenerator<PaymentProgress, Driven> {
  const { clock, random } = core;
  const signal = options.signal ?? new AbortController().signal;
  const backoff = createBackoff({ clock, random, wakeUps: noWakeUps });
  let { aim } = options;
  let round = await firstRound(core, slotOf(options.entry.signedOrder.order), aim);
  for (let attempt = 1; ; attempt++) {
    const ended = yield* runRound(core, account, { ...options, aim, isCancelling: options.aim === 'cancel' }, round);
    if (ended.type === 'resolved') return ended;
    const next = ended.next === 'tooLow' ? round + Math.min(round, clientLimits.roundStep) : round + 1;
    const isLast = attempt === clientLimits.roundAttempts || next >= limits.firstExitRound;
    if (ended.next === 'later' || isLast || signal.aborted) return ended;
    if (ended.next === 'refused') aim = 'cancel';
    if (ended.next === 'contested') await backoff.pause(signal);
    round = next;
  }
}

/** The last one in the journal, unless it was to pay something that is now to be cancelled. */
async function firstRound(core: ClientCore, slot: Slot, aim: RoundOptions['aim']): Promise<number> {
  const last = await core.store.round(slot);
  if (!last || last.newRound.epoch !== core.context.committee.epoch) return 1;
  const { round } = last.newRound;
  const isOther = aim === 'cancel' && last.proposal !== undefined && last.proposal.proposal.value !== SKIP;
  return isOther ? Math.min(round + 1, limits.firstExitRound - 1) : round;
}
