import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { JsonRpc } from './json-rpc.ts';

/**
 * Copies the node's whole state to disk after every new block, so that a kill at any moment loses only blocks that
 * nobody was told are final.
 */
export interface Snapshots {
  /** The block up to which the state on disk holds the chain. */
  readonly durableHeight: bigint;
  /** One more copy now. */
  save(): Promise<void>;
  /** Rejects when a copy could not be made. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

const MIN_PAUSE_MS = 250;
/** A copy takes longer the longer the chain is; this keeps it to a tenth of the time. */
const PAUSE_PER_COPY = 9;

export function startSnapshots(
  options: { readonly path: string; readonly durableHeight: bigint },
  dependencies: { readonly rpc: JsonRpc },
): Snapshots {
  const { path } = options;
  const { rpc } = dependencies;
  let durableHeight = options.durableHeight;
  let queue: Promise<void> = Promise.resolve();
  const stopping = new AbortController();

  async function saveNow(): Promise<void> {
    // Asked before the copy is made, so that the copy holds at least this block.
    const height = BigInt((await rpc('eth_blockNumber')) as string);
    if (height === durableHeight) return;
    const dump = (await rpc('anvil_dumpState')) as string;
    await replaceFile(path, Buffer.from(dump.slice(2), 'hex'));
    durableHeight = height;
  }

  function save(): Promise<void> {
    const next = queue.then(saveNow);
    queue = next.catch(() => undefined);
    return next;
  }

  const pause = async (milliseconds: number) => {
    try {
      await delay(milliseconds, undefined, { signal: stopping.signal });
    } catch {
      // Asked to stop while waiting.
    }
  };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const started = performance.now();
      await save();
      await pause(Math.max(MIN_PAUSE_MS, PAUSE_PER_COPY * (performance.now() - started)));
    }
  }

  const running = run();
  const failed = new Promise<never>((_, reject) => {
    running.catch((error: unknown) => (stopping.signal.aborted ? undefined : reject(error)));
  });
  failed.catch(() => undefined);

  return {
    get durableHeight() {
      return durableHeight;
    },
    save,
    failed,
    async stop() {
      stopping.abort();
      await running.catch(() => undefined);
      await queue;
    },
  };
}

/** All of the new content or all of the old, whatever happens meanwhile. */
async function replaceFile(path: string, content: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
