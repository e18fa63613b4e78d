import { RejectError } from '@fastpay/protocol';

/** Lets a bounded number of tasks run at a time, and a bounded number wait. */
export interface Gate {
  /** @throws RejectError TEMPORARILY_UNAVAILABLE when too many wait already. */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
}

export function createGate({ running, waiting }: { readonly running: number; readonly waiting: number }): Gate {
  const queue: (() => void)[] = [];
  let active = 0;
  const enter = async () => {
    if (active < running) {
      active++;
      return;
    }
    if (queue.length >= waiting) throw new RejectError('TEMPORARILY_UNAVAILABLE', 'too many requests are waiting');
    // Whoever leaves hands its place over, so `active` stays as it is.
    await new Promise<void>((resolve) => queue.push(resolve));
  };
  const leave = () => {
    const next = queue.shift();
    if (next) next();
    else active--;
  };
  return {
    async run(task) {
      await enter();
      try {
        return await task();
      } finally {
        leave();
      }
    },
  };
}
