import type { Transport } from '@fastpay/client';

const POLL_MS = 120;
/** A chain that makes no block in this time is not what a payment is compared with. */
const GIVE_UP_MS = 60_000;

/** Calls `onBlock` with `performance.now()` of when a block newer than the present one was first seen. */
export function watchNextBlock(transport: Transport, signal: AbortSignal, onBlock: (seenAt: number) => void): void {
  const startedAt = performance.now();
  let height: bigint | undefined;
  async function look(): Promise<void> {
    if (signal.aborted || performance.now() - startedAt > GIVE_UP_MS) return;
    try {
      const { latest } = await transport.chainHead();
      if (height === undefined) height = latest.height;
      else if (latest.height > height) return onBlock(performance.now());
    } catch {
      // No comparison is shown while the relay does not answer; the payment itself reports the problem.
    }
    setTimeout(() => void look(), POLL_MS);
  }
  void look();
}
