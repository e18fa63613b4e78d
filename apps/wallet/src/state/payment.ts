import type { PaymentIntent, PaymentProgress } from '@fastpay/client';
import { createStore } from 'zustand/vanilla';
import { watchNextBlock } from './blockWatch.ts';
import { beginPayment, countSeals, type LivePayment, observeProgress, retryDelayMs } from './livePayment.ts';
import { problemOf } from './problem.ts';
import type { Session } from './session.ts';

export interface PaymentState {
  /** The payment being made or finished in this window; at most one. */
  readonly live: LivePayment | undefined;
  attach(session: Session): void;
  detach(): void;
  pay(intent: PaymentIntent, fee: bigint): Promise<void>;
  /** Ends the slot of the pending payment: sends the identical bytes again, and runs a higher round where that is needed. */
  resume(): Promise<void>;
  /** Tries to leave the slot of the pending payment empty; a payment that a quorum has certified is finished instead. */
  cancel(): Promise<void>;
  /** Skips the rest of the wait before the next attempt. */
  retryNow(): void;
  clear(): void;
}

/** Whether anything of the payment may still happen in this moment: no lock, no reload, no update then. */
export function isInFlight(live: LivePayment | undefined): boolean {
  return live?.phase === 'preparing' || live?.phase === 'collecting';
}

export function createPayment(hooks: {
  readonly onVerified: (signers: readonly number[], atMs: number) => void;
  readonly onEnd: (live: LivePayment) => void;
}) {
  let session: Session | undefined;
  let stopping: AbortController | undefined;
  let wake: (() => void) | undefined;
  let driving = false;
  /** What every attempt from now on is for. */
  let goal: 'finish' | 'cancel' = 'finish';
  let attemptStopping: AbortController | undefined;
  /** Whether a person asked for the next attempt. */
  let tapped = false;

  return createStore<PaymentState>()((set, get) => {
    function update(change: (live: LivePayment) => LivePayment): void {
      const { live } = get();
      if (live) set({ live: change(live) });
    }

    /**
     * Takes in snapshots until the stream ends. Screens get them a frame at a time: drawing each one as it comes would
     * hold up the verification of the next, and so the payment.
     */
    async function drive(snapshots: AsyncIterable<PaymentProgress>, signal: AbortSignal): Promise<void> {
      let first = true;
      let frame = 0;
      let seen: readonly { readonly progress: PaymentProgress; readonly at: number }[] = [];
      const show = () => {
        cancelAnimationFrame(frame);
        frame = 0;
        const batch = seen;
        seen = [];
        const last = batch.at(-1);
        if (!last) return;
        update((live) => batch.reduce((state, { progress, at }) => observeProgress(state, progress, at), live));
        hooks.onVerified([...new Set([...last.progress.votes, ...last.progress.commits])], Date.now());
      };
      try {
        for await (const progress of snapshots) {
          if (signal.aborted) return;
          seen = [...seen, { progress, at: performance.now() }];
          if (frame === 0) frame = requestAnimationFrame(show);
          if (first && session) watchBlocks(session, performance.now(), signal);
          first = false;
        }
      } finally {
        show();
      }
    }

    function watchBlocks({ transport }: Session, startedAt: number, signal: AbortSignal): void {
      watchNextBlock(transport, signal, (seenAt) =>
        update((live) => (live.nextBlockMs === undefined ? { ...live, nextBlockMs: seenAt - startedAt } : live)),
      );
    }

    function pause(ms: number, signal: AbortSignal): Promise<void> {
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          removeEventListener('online', done);
          wake = undefined;
          resolve();
        };
        const timer = setTimeout(done, ms);
        wake = done;
        addEventListener('online', done, { once: true });
        signal.addEventListener('abort', done, { once: true });
      });
    }

    /** An authenticator asks the person, and only after a tap: by itself such a wallet sends what is signed already. */
    function pursue(
      { client, asset, signer, keyKind }: Session,
      asked: boolean,
      signal: AbortSignal,
    ): AsyncIterable<PaymentProgress> {
      const key = keyKind === 'passkey' && !asked ? undefined : signer;
      // Once it was asked to cancel, the client goes on with that.
      return goal === 'cancel' && key
        ? client.cancel(asset.address, key, signal)
        : client.finish(asset.address, key, signal);
    }

    /** Runs `first`, then goes on with growing pauses until the slot of the payment has an end. */
    async function keepDriving(
      current: Session,
      first: (signal: AbortSignal) => AsyncIterable<PaymentProgress>,
    ): Promise<void> {
      const controller = new AbortController();
      stopping = controller;
      const { signal } = controller;
      driving = true;
      try {
        let attempt = first;
        while (!signal.aborted) {
          const attemptController = new AbortController();
          attemptStopping = attemptController;
          const attemptSignal = AbortSignal.any([signal, attemptController.signal]);
          try {
            await drive(attempt(attemptSignal), attemptSignal);
          } catch (error) {
            if (signal.aborted) return;
            if (!attemptController.signal.aborted) {
              const pending = await current.client.pending(current.asset.address);
              const problem = problemOf(error);
              if (!pending) return update((live) => ({ ...live, phase: 'refused', problem }));
              update((live) => ({ ...live, phase: 'stalled', problem, transactionHash: pending.transactionHash }));
            }
          }
          attempt = (signal) => pursue(current, tapped, signal);
          // Somebody asked to cancel meanwhile: go on at once, with the new goal.
          if (attemptController.signal.aborted) continue;
          const { live } = get();
          if (live?.phase !== 'stalled') return;
          hooks.onEnd(live);
          const delayMs = retryDelayMs(live.attempts);
          set({ live: { ...live, retryAt: performance.now() + delayMs } });
          tapped = false;
          await pause(delayMs, signal);
          update(({ retryAt: _retryAt, ...rest }) => ({ ...rest, attempts: rest.attempts + 1 }));
        }
      } finally {
        driving = false;
        attemptStopping = undefined;
        const { live } = get();
        if (live && !signal.aborted) hooks.onEnd(live);
      }
    }

    return {
      live: undefined,

      attach(next) {
        get().detach();
        session = next;
        if (!next.detached) void get().resume();
      },

      detach() {
        stopping?.abort();
        stopping = undefined;
        session = undefined;
        tapped = false;
        set({ live: undefined });
      },

      async pay(intent, fee) {
        const current = session;
        if (!current || driving) return;
        goal = 'finish';
        set({ live: beginPayment({ kind: intent.kind, recipient: intent.recipient, amount: intent.amount, fee }) });
        await keepDriving(current, (signal) => current.client.pay(intent, current.signer, signal));
      },

      async resume() {
        const current = session;
        if (!current || driving) return;
        const wantsCancel = get().live?.cancelling === true;
        const pending = await current.client.pending(current.asset.address);
        if (!pending || current !== session || driving) return;
        const { order } = pending.signedOrder;
        goal = pending.cancelling || wantsCancel ? 'cancel' : 'finish';
        set({
          live: {
            ...beginPayment(order),
            transactionHash: pending.transactionHash,
            resumed: true,
            adopted: pending.origin === 'adopted',
            cancelling: goal === 'cancel',
          },
        });
        await keepDriving(current, (signal) => pursue(current, tapped, signal));
      },

      async cancel() {
        goal = 'cancel';
        tapped = true;
        update((live) => ({ ...live, cancelling: true }));
        if (driving) {
          attemptStopping?.abort();
          wake?.();
          return;
        }
        await get().resume();
      },

      retryNow() {
        tapped = true;
        wake?.();
      },

      clear() {
        if (!driving) set({ live: undefined });
      },
    };
  });
}

/** One sentence for people who do not see the ring. */
export function spokenState(live: LivePayment, committeeSize: number): string {
  const { votes, commits } = countSeals(live);
  switch (live.phase) {
    case 'preparing':
      return 'Signing the payment on this device.';
    case 'collecting':
      return `${votes} of ${committeeSize} votes and ${commits} of ${committeeSize} commits verified.`;
    case 'paid':
      return `Paid in ${Math.round(live.paidMs ?? 0)} milliseconds. Verified ${commits} of ${committeeSize} signatures.`;
    case 'stalled':
      return live.cancelling
        ? 'The cancellation is waiting for more validators. Until then the payment may still happen.'
        : 'The payment is waiting for more validators. Nothing is lost; it completes by itself.';
    case 'skipped':
      return live.ending?.message ?? 'The payment was not made. No money moved for it.';
    case 'refused':
      return `The payment was not made. ${live.problem?.message ?? ''}`;
  }
}
