import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DevnetError, messageOf } from '../error.ts';
import { freePort } from '../ports.ts';
import { type Child, startChild } from '../process/child.ts';
import { nodeCommand } from './command.ts';
import { createJsonRpc, type JsonRpc } from './json-rpc.ts';
import { startChainProxy } from './proxy.ts';
import { type Snapshots, startSnapshots } from './snapshots.ts';

export interface ChainNode {
  /** Where everyone reaches it; what it calls final is on disk. */
  readonly rpcUrl: string;
  readonly rpc: JsonRpc;
  readonly child: Child;
  /** Resolves with the reason when the node, or keeping it on disk, has failed. */
  readonly failed: Promise<string>;
  /** From now on a block every so many whole seconds. */
  setBlockTime(seconds: number): Promise<void>;
  /** Keeps everything that the chain holds, then ends. */
  stop(): Promise<void>;
}

export interface ChainNodeOptions {
  /** Port of the address for everyone. */
  readonly port: number;
  readonly blockTimeSeconds: number;
  /** Loaded when it exists, and kept up to date. */
  readonly snapshotFile: string;
  readonly logFile: string;
}

const READY_TIMEOUT_MS = 60_000;
const PORT_ATTEMPTS = 5;

/** @throws DevnetError when the node does not come up or its snapshot cannot be read. */
export async function startChainNode(options: ChainNodeOptions): Promise<ChainNode> {
  const restored = unpackSnapshot(options.snapshotFile);
  const { child, url } = await startOnFreePort(options, restored);
  const rpc = createJsonRpc(url);
  try {
    const durableHeight = BigInt((await rpc('eth_blockNumber')) as string);
    const snapshots = startSnapshots(
      { path: options.snapshotFile, durableHeight: restored === undefined ? 0n : durableHeight },
      { rpc },
    );
    const proxy = await startChainProxy(
      { port: options.port, nodeUrl: url },
      { durableHeight: () => snapshots.durableHeight },
    );
    return chainNode(options, { child, rpc, snapshots, proxy });
  } catch (error) {
    await child.kill();
    throw error;
  } finally {
    if (restored !== undefined) rmSync(restored);
  }
}

function chainNode(
  options: ChainNodeOptions,
  parts: {
    readonly child: Child;
    readonly rpc: JsonRpc;
    readonly snapshots: Snapshots;
    readonly proxy: { close(): Promise<void> };
  },
): ChainNode {
  const { child, rpc, snapshots, proxy } = parts;
  let stopping = false;
  const failed = new Promise<string>((resolve) => {
    void child.exited.then((exit) => {
      if (!stopping) resolve(child.describeExit(exit));
    });
    snapshots.failed.catch((error: unknown) => {
      // A node that ended can tell more about it than the call that failed.
      if (!stopping && child.isRunning) resolve(`The chain could not be kept on disk: ${messageOf(error)}`);
    });
  });
  return {
    rpcUrl: `http://127.0.0.1:${options.port}`,
    rpc,
    child,
    failed,
    async setBlockTime(seconds) {
      await rpc('evm_setIntervalMining', seconds);
    },
    async stop() {
      stopping = true;
      await proxy.close();
      await snapshots.stop();
      if (child.isRunning) await snapshots.save();
      await child.kill();
    },
  };
}

/** The node reads plain JSON; it lies beside the packed snapshot only while it starts. */
function unpackSnapshot(snapshotFile: string): string | undefined {
  if (!existsSync(snapshotFile)) return undefined;
  const plain = join(snapshotFile, '..', 'restoring.json');
  try {
    writeFileSync(plain, gunzipSync(readFileSync(snapshotFile)), { mode: 0o600 });
  } catch (error) {
    throw new DevnetError(
      `The chain's snapshot ${snapshotFile} cannot be read: ${messageOf(error)}\nStart anew: npm start -- --fresh`,
      { cause: error },
    );
  }
  return plain;
}

/** Another program may take a free port before the node does; then another is tried. */
async function startOnFreePort(
  options: ChainNodeOptions,
  restored: string | undefined,
): Promise<{ readonly child: Child; readonly url: string }> {
  let lastFailure: unknown;
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const child = await startChild({
      name: 'the Tempo node',
      logFile: options.logFile,
      ...nodeCommand({ port, blockTimeSeconds: options.blockTimeSeconds, restoreFile: restored }),
    });
    try {
      await waitUntilAnswering(child, url);
      return { child, url };
    } catch (error) {
      await child.kill();
      lastFailure = error;
      if (!messageOf(error).includes('Address already in use')) break;
    }
  }
  throw lastFailure;
}

async function waitUntilAnswering(child: Child, url: string): Promise<void> {
  const rpc = createJsonRpc(url, 1_000);
  const deadline = performance.now() + READY_TIMEOUT_MS;
  const ended = child.exited.then((exit) => {
    throw new DevnetError(child.describeExit(exit));
  });
  ended.catch(() => undefined);
  while (performance.now() < deadline) {
    const chainId = await Promise.race([rpc('eth_chainId').catch(() => undefined), ended]);
    if (chainId !== undefined) return;
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 20)), ended]);
  }
  throw new DevnetError(`The Tempo node did not answer within ${READY_TIMEOUT_MS / 1_000} s. Log: ${child.name}`);
}
