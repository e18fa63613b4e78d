import type { PayerSigner } from '@fastpay/crypto';
import type { Address } from '@fastpay/protocol';
import type { Client, PaymentProgress } from '../client.ts';
import { type Clock, systemClock } from '../ports/clock.ts';
import { type RandomBytes, systemRandom } from '../ports/random.ts';
import { noWakeUps, type WakeUps } from '../ports/wake.ts';
import { createBackoff } from '../sync/backoff.ts';

export interface KeepFinishingOptions {
  readonly asset: Address;
  /** The owner's key while it is unlocked; without it only what was signed before is sent. */
  readonly signer?: () => PayerSigner | undefined;
  readonly onProgress?: (progress: PaymentProgress) => void;
  /** An attempt ended without an end of the payment: the next one comes after about this long. Milliseconds. */
  readonly onPause?: (delayMs: number) => void;
}

export interface KeepFinishingDependencies {
  readonly clock?: Clock;
  readonly random?: RandomBytes;
  /** Cuts a pause short: the network is back, or someone looks. */
  readonly wakeUps?: WakeUps;
}

/**
 * Ends the account's open slot, however long it takes: `finish` again and again, with capped and jittered pauses that
 * shorten whenever an attempt got further. Resolves when nothing is open any more, or after an abort. Several tabs may
 * run it at once: the same bytes are paid once.
 * @throws StoreError, ConflictingCertificatesError, ClientError WRONG_SIGNER.
 */
export async function keepFinishing(
  client: Pick<Client, 'pending' | 'finish'>,
  { asset, signer, onProgress, onPause }: KeepFinishingOptions,
  signal: AbortSignal,
  dependencies: KeepFinishingDependencies = {},
): Promise<void> {
  const { clock = systemClock, random = systemRandom, wakeUps = noWakeUps } = dependencies;
  const backoff = createBackoff({ clock, random, wakeUps });
  let furthest = 0;
  while (!signal.aborted && (await client.pending(asset))) {
    for await (const progress of client.finish(asset, signer?.(), signal)) {
      onProgress?.(progress);
      const signatures = progress.votes.length + progress.commits.length;
      if (signatures > furthest) backoff.reset();
      furthest = Math.max(furthest, signatures);
    }
    if (signal.aborted || !(await client.pending(asset))) return;
    await backoff.pause(signal, onPause);
  }
}
