import { type CommitCertificate, RejectError } from '@fastpay/protocol';
import type { ClientCore } from '../core.ts';
import { clientLimits } from '../limits.ts';
import type { TransportPaymentEvent } from '../transport.ts';

/** One sending of signed bytes, with bounds on what comes back. */
export interface Attempt {
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
export function createAttempt(
  core: ClientCore,
  send: (signal: AbortSignal) => AsyncIterable<TransportPaymentEvent>,
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
      for await (const event of send(ended)) {
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
