import type { RejectError } from '@fastpay/protocol';
import { adoptOrder } from '../account/read-account.ts';
import type { PaymentProgress, RoundProgress } from '../client.ts';
import type { ClientCore } from '../core.ts';
import type { JournalEntry } from '../store/client-store.ts';
import type { TransportPaymentEvent } from '../transport.ts';
import { createAttempt } from './attempt.ts';
import { closeSlot } from './close-slot.ts';
import { createCollector, type DrivenValue } from './collector.ts';
import { stalledBecause } from './stalled.ts';
import { type Stopwatch, withTime } from './stopwatch.ts';

export interface DriveOptions {
  /** The journaled payment that the snapshots tell about; what is driven may be something else in its slot. */
  readonly entry: JournalEntry;
  readonly driven: DrivenValue;
  /** Present in a higher round. */
  readonly round?: RoundProgress;
  /** Whether the owner asked for an empty slot. */
  readonly isCancelling: boolean;
  readonly stopwatch: Stopwatch;
  readonly signal: AbortSignal | undefined;
  send(signal: AbortSignal): AsyncIterable<TransportPaymentEvent>;
}

/** How one attempt ended. */
export type Driven =
  | { readonly type: 'resolved' }
  /** `last` is the snapshot to end with, if nothing else is tried. */
  | { readonly type: 'stalled'; readonly reject: RejectError; readonly last: PaymentProgress };

/**
 * One attempt: sends journaled bytes and yields a snapshot at each verified step, up to `paid` or `skipped`. A
 * certificate is stored before its snapshot is yielded.
 */
export async function* drive(
  core: ClientCore,
  { entry, driven, round, isCancelling, stopwatch, signal, send }: DriveOptions,
): AsyncGenerator<PaymentProgress, Driven> {
  const { signedOrder, transactionHash } = entry;
  const collector = createCollector(core.context, driven);
  const isOwn = driven.value === transactionHash;
  let times = entry.times;

  const snapshot = (state: PaymentProgress['state'], more: Partial<PaymentProgress> = {}): PaymentProgress => ({
    transactionHash,
    order: signedOrder.order,
    state,
    votes: collector.votes,
    commits: collector.commits,
    times,
    failures: collector.failures,
    ...(round ? { round } : {}),
    ...more,
  });
  const reach = async (stage: 'accepted' | 'certified') => {
    if (!isOwn || times[stage] !== undefined) return;
    times = withTime(times, stage, stopwatch.elapsedMs(entry));
    await core.store.recordTimes(transactionHash, times);
  };
  const current = () => {
    if (!isOwn) return 'signed';
    return collector.isCertified ? 'certified' : collector.votes.length > 0 ? 'accepted' : 'signed';
  };

  yield snapshot(current());
  const attempt = createAttempt(core, send, signal);
  try {
    for await (const event of attempt.events) {
      if (event.type === 'stalled') attempt.giveUp(event.reject);
      const finding = await collector.take(event);
      if (finding.type === 'rival') await adoptOrder(core, driven.slot, finding.signedOrder);
      if (finding.type === 'nothing') continue;
      attempt.keepAlive();
      if (finding.type === 'resolved') {
        const { certificate } = finding;
        const closed = await closeSlot(core, entry, certificate, { times, stopwatch, isCancelling });
        yield snapshot(closed.state, closed);
        if (event.type === 'commit') await attempt.letFinish(certificate);
        return { type: 'resolved' };
      }
      if (collector.votes.length > 0) await reach('accepted');
      if (collector.isCertified) await reach('certified');
      yield snapshot(current());
    }
  } finally {
    await attempt.stop();
  }
  const reject = attempt.reason();
  return { type: 'stalled', reject, last: snapshot('stalled', { stalled: stalledBecause(reject) }) };
}
