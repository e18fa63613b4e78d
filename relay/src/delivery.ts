import { type CommitCertificate, certificateIdentity, RejectError } from '@fastpay/protocol';
import type { ValidatorPort } from './collect/validator-port.ts';

/** What became of one certificate on its way to one validator. */
export type DeliveryOutcome =
  | 'delivered'
  /** Tried again later. */
  | 'postponed'
  /** The validator refused it for good. */
  | 'refused'
  /** The queue was full: the oldest went. */
  | 'dropped';

/** Hands commit certificates to one validator in the background until it has them. */
export interface Delivery {
  /** One that waits already is not taken a second time: anybody may hand in the same. */
  add(certificate: CommitCertificate): void;
  /** Certificates that the validator does not have yet, as far as known. */
  readonly waiting: number;
  /** The validator is back: do not wait for the end of the backoff. */
  wake(): void;
  stop(): void;
}

interface DeliveryOptions {
  readonly queue: number;
  readonly batch: number;
  /** Milliseconds; doubles from the first to the longest while the validator does not answer. */
  readonly backoffMs: { readonly first: number; readonly longest: number };
}

interface DeliveryDependencies {
  readonly validator: ValidatorPort;
  onOutcome(outcome: DeliveryOutcome): void;
  /** A failure that is no refusal: a broken invariant. */
  onBroken(error: unknown): void;
}

export function createDelivery(options: DeliveryOptions, dependencies: DeliveryDependencies): Delivery {
  const { validator, onOutcome } = dependencies;
  const controller = new AbortController();
  const queue: CommitCertificate[] = [];
  /** In the queue or in flight. */
  const waiting = new Set<string>();
  let isRunning = false;
  let endWait: (() => void) | undefined;

  const pause = (delayMs: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** Whether it has to be tried again. */
  const attempt = async (certificate: CommitCertificate): Promise<boolean> => {
    try {
      await validator.resolve(certificate, controller.signal);
      onOutcome('delivered');
      return false;
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
      onOutcome(error.retryable ? 'postponed' : 'refused');
      return error.retryable;
    }
  };

  const run = async () => {
    let delayMs = options.backoffMs.first;
    try {
      while (queue.length > 0 && !controller.signal.aborted) {
        const batch = queue.splice(0, options.batch);
        const again = await Promise.all(batch.map(attempt));
        for (const [index, certificate] of batch.entries()) if (!again[index]) forget(certificate);
        // To the back: the order does not matter (§5 rule 3), and one that never succeeds must not hold up the rest.
        queue.push(...batch.filter((_, index) => again[index]));
        dropOldest();
        if (again.some((isFailed) => !isFailed)) delayMs = options.backoffMs.first;
        if (!again.includes(true) || controller.signal.aborted) continue;
        await pause(delayMs);
        delayMs = Math.min(delayMs * 2, options.backoffMs.longest);
      }
    } finally {
      isRunning = false;
    }
  };

  const forget = (certificate: CommitCertificate) => waiting.delete(certificateIdentity(certificate));

  const dropOldest = () => {
    while (queue.length > options.queue) {
      const oldest = queue.shift();
      if (oldest) forget(oldest);
      onOutcome('dropped');
    }
  };

  return {
    get waiting() {
      return waiting.size;
    },
    add(certificate) {
      const identity = certificateIdentity(certificate);
      if (waiting.has(identity)) return;
      waiting.add(identity);
      queue.push(certificate);
      dropOldest();
      if (isRunning) return;
      isRunning = true;
      run().catch(dependencies.onBroken);
    },
    wake: () => endWait?.(),
    stop() {
      controller.abort();
      endWait?.();
    },
  };
}
