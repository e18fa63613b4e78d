import { setTimeout as delay } from 'node:timers/promises';
import { RejectError } from '@fastpay/protocol';
import type { EventHub } from './event-hub.ts';
import type { BulletinPosition, ValidatorClient } from './upstream/validator-client.ts';

interface FollowOptions {
  /** Milliseconds; doubles from the first to the longest while the stream breaks at once. */
  readonly backoffMs: { readonly first: number; readonly longest: number };
  /** A stream without even a keep-alive for this long is opened anew. */
  readonly silenceMs: number;
}

interface FollowDependencies {
  readonly validator: ValidatorClient;
  readonly hub: EventHub;
  /** The validator's log held something that does not verify. */
  onMisbehaviour(signer: number, problem: string): void;
}

/**
 * Feeds one validator's log into the hub until `signal` aborts. Begins with what is new, and goes on after the last
 * entry read when the stream breaks. One entry is verified at a time, so a validator cannot flood the relay.
 */
export async function followBulletin(
  options: FollowOptions,
  { validator, hub, onMisbehaviour }: FollowDependencies,
  signal: AbortSignal,
): Promise<void> {
  let position: BulletinPosition | undefined;
  let delayMs = options.backoffMs.first;
  while (!signal.aborted) {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), options.silenceMs);
    try {
      for await (const { entry, storeId } of validator.watch(position, AbortSignal.any([signal, silence.signal]))) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), options.silenceMs);
        delayMs = options.backoffMs.first;
        if (!entry) continue;
        position = { cursor: entry.cursor, storeId };
        await hub.report(validator.signer, entry.event);
      }
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
      if (error.code === 'INVALID_CERTIFICATE') onMisbehaviour(validator.signer, error.message);
      // A cursor of another store: what lies before now is not followed.
      if (error.code === 'INVALID_FORMAT') position = undefined;
    } finally {
      clearTimeout(timer);
    }
    if (signal.aborted) return;
    await delay(delayMs, undefined, { signal }).catch(() => undefined);
    delayMs = Math.min(delayMs * 2, options.backoffMs.longest);
  }
}
