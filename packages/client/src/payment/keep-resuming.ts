import type { Address } from '@fastpay/protocol';
import type { Client, PaymentProgress } from '../client.ts';
import { type Clock, systemClock } from '../ports/clock.ts';
import { type RandomBytes, systemRandom } from '../ports/random.ts';
import { noWakeUps, type WakeUps } from '../ports/wake.ts';
import { createBackoff } from '../sync/backoff.ts';

export interface KeepResumingOptions {
  readonly asset: Address;
  readonly onProgress?: (progress: PaymentProgress) => void;
}

export interface KeepResumingDependencies {
  readonly clock?: Clock;
  readonly random?: RandomBytes;
  /** Cuts a pause short: the network is back, or someone looks. */
  readonly wakeUps?: WakeUps;
}

/**
 * Sends the identical bytes of the account's open payment until it has an end, with capped and jittered pauses that
 * shorten whenever an attempt got further. Resolves when nothing is open any more, or after an abort. Several tabs may
 * run it at once: the same bytes are paid once.
 * @throws StoreError, ConflictingCertificatesError.
 */
export async function keepResuming(
  client: Pick<Client, 'pending' | 'resume'>,
  { asset, onProgress }: KeepResumingOptions,
  signal: AbortSignal,
  dependencies: KeepResumingDependencies = {},
): Promise<void> {
  const { clock = systemClock, random = systemRandom, wakeUps = noWakeUps } = dependencies;
  const backoff = createBackoff({ clock, random, wakeUps });
  let furthest = 0;
  while (!signal.aborted && (await client.pending(asset))) {
    for await (const progress of client.resume(asset, signal)) {
      onProgress?.(progress);
      const signatures = progress.votes.length + progress.commits.length;
      if (signatures > furthest) backoff.reset();
      furthest = Math.max(furthest, signatures);
    }
    if (signal.aborted || !(await client.pending(asset))) return;
    await backoff.pause(signal);
  }
}
