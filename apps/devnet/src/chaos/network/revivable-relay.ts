import type { Child } from '../../process/child.ts';
import { startRelay } from '../../relay.ts';

/** The relay, which can be killed and started again. */
export interface RevivableRelay {
  readonly pid: number | undefined;
  kill(): Promise<void>;
  /** Starts it if it does not run. @throws DevnetError. */
  revive(): Promise<void>;
  stop(): Promise<void>;
}

const GRACE_MS = 5_000;

export function createRevivableRelay(
  options: Parameters<typeof startRelay>[0],
  dependencies: {
    readonly onStarted: (pid: number) => void;
    /** It ended although nobody had killed or stopped it. */
    readonly onCrash: (description: string) => void;
  },
): RevivableRelay {
  let current: Child | undefined;
  /** Processes that we ended. */
  const ended = new WeakSet<Child>();

  return {
    get pid() {
      return current?.isRunning ? current.pid : undefined;
    },
    async kill() {
      if (!current) return;
      ended.add(current);
      await current.kill();
    },
    async revive() {
      if (current?.isRunning) return;
      await startRelay(options, (relay) => {
        current = relay;
        dependencies.onStarted(relay.pid);
        void relay.exited.then((exit) => {
          if (!ended.has(relay)) dependencies.onCrash(relay.describeExit(exit));
        });
        return Promise.resolve();
      });
    },
    async stop() {
      if (!current?.isRunning) return;
      ended.add(current);
      await current.stop(GRACE_MS);
    },
  };
}
