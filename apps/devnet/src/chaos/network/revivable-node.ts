import { type ChainNode, type ChainNodeOptions, startChainNode } from '../../chain/node.ts';

/** The Tempo node, which can be killed and started again from the last copy of its chain. */
export interface RevivableNode {
  /** The same over all lives. */
  readonly rpcUrl: string;
  /** As it is now. */
  readonly current: ChainNode;
  kill(): void;
  /** Starts it if it was killed. @throws DevnetError. */
  revive(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRevivableNode(
  options: ChainNodeOptions,
  onStarted: (pid: number) => void,
): Promise<RevivableNode> {
  const start = async () => {
    const started = await startChainNode(options);
    onStarted(started.pid);
    return started;
  };
  let current = await start();
  let isKilled = false;
  return {
    rpcUrl: current.rpcUrl,
    get current() {
      return current;
    },
    kill() {
      isKilled = true;
      process.kill(current.pid, 'SIGKILL');
    },
    async revive() {
      if (!isKilled) return;
      await current.stop();
      current = await start();
      isKilled = false;
    },
    stop: () => current.stop(),
  };
}
