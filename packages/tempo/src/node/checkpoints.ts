import { setTimeout as delay } from 'node:timers/promises';
import type { JsonRpc } from '../json-rpc.ts';
import { blockHeight, saveState } from './state-file.ts';

/** Copies of a node's chain to disk, one after the other. */
export interface Checkpoints {
  durableHeight(): bigint | undefined;
  save(): Promise<bigint>;
  /** Ends the regular copies, after the one in progress. */
  stop(): Promise<void>;
}

/** A copy takes longer the longer the chain is; this keeps it to a tenth of the time. */
const PAUSE_PER_COPY = 9;

export function startCheckpoints(
  options: { readonly path: string; readonly intervalMs: number },
  dependencies: { readonly rpc: JsonRpc; readonly onError: (error: unknown) => void },
): Checkpoints {
  const { path, intervalMs } = options;
  const { rpc, onError } = dependencies;
  const stopping = new AbortController();
  let durableHeight: bigint | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  function save(): Promise<bigint> {
    const saved = queue.then(async () => {
      durableHeight = await saveState(rpc, path);
      return durableHeight;
    });
    queue = saved.catch(() => undefined);
    return saved;
  }

  async function saveIfMoved(): Promise<void> {
    if ((await blockHeight(rpc)) !== durableHeight) await save();
  }

  async function run(): Promise<void> {
    let pauseMs = intervalMs;
    while (await waited(pauseMs, stopping.signal)) {
      const started = performance.now();
      await saveIfMoved().catch((error: unknown) => (stopping.signal.aborted ? undefined : onError(error)));
      pauseMs = Math.max(intervalMs, PAUSE_PER_COPY * (performance.now() - started));
    }
  }

  const running = run();
  return {
    durableHeight: () => durableHeight,
    save,
    async stop() {
      stopping.abort();
      await running;
      await queue;
    },
  };
}

/** False when the wait was cut short. */
async function waited(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(milliseconds, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
