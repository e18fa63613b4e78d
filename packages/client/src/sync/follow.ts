import { RejectError } from '@fastpay/protocol';
import type { ClientCore } from '../core.ts';
import { clientLimits } from '../limits.ts';
import type { WakeUps } from '../ports/wake.ts';
import type { AccountEvent } from '../transport.ts';
import { type Backoff, createBackoff } from './backoff.ts';
import { catchUp } from './catch-up.ts';
import { type ClosureKeeper, createClosureKeeper } from './closure.ts';
import type { MissingFinder } from './find-missing.ts';
import { observe } from './observe.ts';
import { concernsOwner, takeIn } from './take-in.ts';

interface Following {
  readonly onChange: () => void;
  /** Asked at every sign of life. */
  readonly missing: MissingFinder;
}

/**
 * Follows the owner's accounts until aborted. After each connect, once the stream stands, the logs are taken in too:
 * what happened before the stream stood is in them, what happens after is in the stream.
 */
export async function followAccount(
  core: ClientCore,
  { onChange, wakeUps, missing }: Following & { readonly wakeUps: WakeUps },
  signal: AbortSignal,
): Promise<void> {
  const backoff = createBackoff({ clock: core.clock, random: core.random, wakeUps });
  const closures = createClosureKeeper(core);
  while (!signal.aborted) {
    try {
      await followOnce(core, { onChange, missing, backoff, closures }, signal);
    } catch (error) {
      // Lost, refused, or not understood: the next connection starts over.
      if (!(error instanceof RejectError)) throw error;
    }
    if (!signal.aborted) await backoff.pause(signal);
  }
}

async function followOnce(
  core: ClientCore,
  { onChange, missing, backoff, closures }: Following & { readonly backoff: Backoff; readonly closures: ClosureKeeper },
  signal: AbortSignal,
): Promise<void> {
  const silence = new AbortController();
  const ended = AbortSignal.any([signal, silence.signal]);
  let heard = new AbortController();
  const watch = () => {
    heard.abort();
    heard = new AbortController();
    const { signal: watching } = heard;
    const expire = () => {
      if (!watching.aborted) silence.abort();
    };
    core.clock.sleep(clientLimits.followIdleMs, watching).then(expire, expire);
  };
  let isComplete = false;
  watch();
  try {
    for await (const event of core.transport.watchAccount(core.owner, ended)) {
      watch();
      // With too few validators at first, again at each sign of life until enough of them have answered.
      if (!isComplete) {
        const { certificates, changed, incomplete } = await catchUp(core);
        if (changed) onChange();
        closures.add(certificates);
        isComplete = incomplete === undefined;
        if (isComplete) backoff.reset();
      }
      const found = await missing.look();
      if (found.length > 0) onChange();
      closures.add(found);
      if (await takeEvent(core, event)) {
        onChange();
        if (event.type === 'resolved') closures.add([event.certificate]);
      }
      if (ended.aborted) return;
    }
  } finally {
    heard.abort();
    silence.abort();
  }
}

/** Whether anything has changed that a screen would show. */
function takeEvent(core: ClientCore, event: AccountEvent): Promise<boolean> | boolean {
  switch (event.type) {
    case 'resolved':
      return concernsOwner(core, event.certificate) && takeIn(core, event.certificate);
    case 'deposited':
    case 'exit':
      return true;
    case 'settlement':
      return observe(core, event, core.clock.nowMs());
    case 'keepAlive':
      return false;
  }
}
