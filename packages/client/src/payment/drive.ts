import { type CommitCertificate, RejectError, type SignedOrder, slotOf } from '@fastpay/protocol';
import { adoptOrder } from '../account/read-account.ts';
import type { PaymentProgress, StageTimes } from '../client.ts';
import type { ClientCore } from '../core.ts';
import { clientLimits } from '../limits.ts';
import type { JournalEntry } from '../store/client-store.ts';
import type { TransportPaymentEvent } from '../transport.ts';
import { createCollector } from './collector.ts';
import { stalledBecause } from './stalled.ts';
import { type Stopwatch, withTime } from './stopwatch.ts';

export interface DriveOptions {
  readonly attachments: readonly CommitCertificate[];
  readonly stopwatch: Stopwatch;
  readonly signal: AbortSignal | undefined;
}

/**
 * One attempt: sends the journaled bytes and yields a snapshot at each verified step, up to `paid`, `skipped` or
 * `stalled`. A certificate is stored before its snapshot is yielded. Returns whether the slot is resolved.
 */
export async function* drivePayment(
  core: ClientCore,
  entry: JournalEntry,
  { attachments, stopwatch, signal }: DriveOptions,
): AsyncGenerator<PaymentProgress, boolean> {
  const { signedOrder, transactionHash } = entry;
  const slot = slotOf(signedOrder.order);
  const collector = createCollector(core.context, { slot, value: transactionHash, signedOrder });
  let times = entry.times;

  const snapshot = (state: PaymentProgress['state'], more: Partial<PaymentProgress> = {}): PaymentProgress => ({
    transactionHash,
    order: signedOrder.order,
    state,
    votes: collector.votes,
    commits: collector.commits,
    times,
    failures: collector.failures,
    ...more,
  });
  const reach = async (stage: keyof StageTimes) => {
    if (times[stage] !== undefined) return;
    times = withTime(times, stage, stopwatch.elapsedMs(entry));
    if (stage !== 'paid') await core.store.recordTimes(transactionHash, times);
  };
  const current = () => (collector.isCertified ? 'certified' : collector.votes.length > 0 ? 'accepted' : 'signed');

  yield snapshot('signed');
  const attempt = createAttempt(core, { signedOrder, attachments }, signal);
  try {
    for await (const event of attempt.events) {
      if (event.type === 'stalled') attempt.giveUp(event.reject);
      const finding = await collector.take(event);
      if (finding.type === 'rival') await adoptOrder(core, slot, finding.signedOrder);
      if (finding.type === 'nothing') continue;
      attempt.keepAlive();
      if (finding.type === 'resolved') {
        const { certificate } = finding;
        const isPaid = certificate.value === transactionHash;
        if (isPaid) await reach('paid');
        const { createdAtMs } = entry;
        await core.store.recordCertificate({
          owner: core.owner,
          certificate,
          createdAtMs,
          ...(isPaid ? { times } : {}),
        });
        yield snapshot(isPaid ? 'paid' : 'skipped', { certificate });
        if (event.type === 'commit') await attempt.letFinish(certificate);
        return true;
      }
      if (collector.votes.length > 0) await reach('accepted');
      if (collector.isCertified) await reach('certified');
      yield snapshot(current());
    }
  } finally {
    await attempt.stop();
  }
  yield snapshot('stalled', { stalled: stalledBecause(attempt.reason()) });
  return false;
}

interface Attempt {
  /** Ends without throwing, whatever happened; `reason` tells. */
  readonly events: AsyncIterable<TransportPaymentEvent>;
  /** Something was verified: the time until it counts as silent begins anew. */
  keepAlive(): void;
  giveUp(reason: RejectError): void;
  reason(): RejectError;
  /** Reads on without looking, so that the relay completes what this wallet completed before it. */
  letFinish(certificate: CommitCertificate): Promise<void>;
  stop(): Promise<void>;
}

/** Sends once and bounds what comes back: in number, and in time without anything that verifies. */
function createAttempt(
  core: ClientCore,
  request: { readonly signedOrder: SignedOrder; readonly attachments: readonly CommitCertificate[] },
  signal: AbortSignal | undefined,
): Attempt {
  const controller = new AbortController();
  const ended = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal;
  const mostEvents = clientLimits.eventsPerValidator * core.context.committee.members.length;
  let reason: RejectError | undefined;
  let watch = new AbortController();
  let isDelivered = false;

  function watchFor(ms: number): void {
    watch.abort();
    watch = new AbortController();
    const { signal: watching } = watch;
    const expire = () => {
      if (!watching.aborted) controller.abort();
    };
    core.clock.sleep(ms, watching).then(expire, expire);
  }

  async function* events(): AsyncGenerator<TransportPaymentEvent> {
    let count = 0;
    try {
      for await (const event of core.transport.submitPayment(request, ended)) {
        if (event.type === 'paid') isDelivered = true;
        yield event;
        if (ended.aborted || event.type === 'stalled' || ++count >= mostEvents) return;
      }
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
      if (!ended.aborted) reason ??= error;
    }
  }

  watchFor(clientLimits.attemptIdleMs);
  const stream = events();
  return {
    events: { [Symbol.asyncIterator]: () => ({ next: () => stream.next() }) },
    keepAlive: () => watchFor(clientLimits.attemptIdleMs),
    giveUp: (stalled) => {
      reason ??= stalled;
    },
    reason: () => {
      if (reason) return reason;
      const text = signal?.aborted
        ? 'this wallet stopped waiting'
        : 'the answers ended before there were enough of them';
      return new RejectError('TEMPORARILY_UNAVAILABLE', text);
    },
    async letFinish(certificate) {
      watchFor(clientLimits.relayGraceMs);
      for (let step = await stream.next(); !step.done && !isDelivered; ) step = await stream.next();
      if (isDelivered || signal?.aborted) return;
      try {
        await core.transport.deliverCertificate(certificate);
      } catch (error) {
        // The certificate is stored; it goes along with the next payment and with the next look at the account.
        if (!(error instanceof RejectError)) throw error;
      }
    },
    async stop() {
      watch.abort();
      controller.abort();
      await stream.return(undefined);
    },
  };
}
