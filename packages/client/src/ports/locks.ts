/**
 * Lets one holder at a time run `action` under a name, over everything that shares the wallet's storage (§7 rule 1).
 * It only keeps tabs from getting into each other's way: what makes two orders for one slot impossible is the store.
 */
export interface SigningLocks {
  /** Waits for the lock; rejects with the signal's reason when that is aborted first. */
  run<Result>(name: string, action: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
}

/** Over all tabs and windows of an origin, through the Web Locks API. The browser frees the lock of a tab that dies. */
export function createWebLocks(manager: Pick<LockManager, 'request'>): SigningLocks {
  return {
    run: (name, action, signal) => manager.request(name, { mode: 'exclusive', signal }, action),
  };
}

/** Within one process, first come first served. */
export function createProcessLocks(): SigningLocks {
  const tails = new Map<string, Promise<void>>();
  return {
    async run(name, action, signal) {
      const turn = tails.get(name) ?? Promise.resolve();
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      // Whoever comes next waits for both: its predecessor may give up waiting while the holder still runs.
      const tail = turn.then(() => held);
      tails.set(name, tail);
      try {
        await untilAborted(turn, signal);
        return await action();
      } finally {
        release();
        if (tails.get(name) === tail) tails.delete(name);
      }
    },
  };
}

function untilAborted(turn: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    turn.then(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, reject);
  });
}
