import { createJsonRpc, type JsonRpc, TempoError } from '@fastpay/tempo';
import { startTempoNode, type TempoNode } from '@fastpay/tempo/node';
import { DevnetError, messageOf } from '../error.ts';
import { guardProcess } from '../process/guard.ts';
import { startChainProxy } from './proxy.ts';

export interface ChainNode {
  /** Where everyone reaches it; what it calls final is on disk. */
  readonly rpcUrl: string;
  readonly pid: number;
  /** Straight to the node. */
  readonly rpc: JsonRpc;
  /** Resolves with the reason when the node has ended by itself. */
  readonly failed: Promise<string>;
  /** From now on a block every so many whole seconds. */
  setBlockTime(seconds: number): Promise<void>;
  /** Resolves when all blocks so far are on disk, and so final. */
  save(): Promise<void>;
  /** Keeps everything that the chain holds, then ends. */
  stop(): Promise<void>;
}

export interface ChainNodeOptions {
  /** Port of the address for everyone. */
  readonly port: number;
  readonly blockTimeSeconds: number;
  /** Loaded when it exists, and kept up to date. */
  readonly stateFile: string;
}

/** How far behind the latest block the disk may be, in milliseconds, while the chain is short. */
const CHECKPOINT_INTERVAL_MS = 300;

/** @throws DevnetError when the node does not come up or its state cannot be read. */
export async function startChainNode(options: ChainNodeOptions): Promise<ChainNode> {
  const { port, blockTimeSeconds, stateFile } = options;
  const notKept = Promise.withResolvers<string>();
  const node = await startNode({
    blockTimeSeconds,
    stateFile,
    checkpointIntervalMs: CHECKPOINT_INTERVAL_MS,
    // A devnet may run for days, and old state would fill memory and disk.
    keepOldState: false,
    onCheckpointError: (error) => {
      // A node that was too slow to answer is asked again; until then nothing more is called final.
      if (!(error instanceof TempoError)) notKept.resolve(`The chain cannot be kept on disk: ${messageOf(error)}`);
    },
  });
  const pid = node.process.pid ?? 0;
  const callOffGuard = guardProcess(pid);
  const rpc = createJsonRpc({ url: node.rpcUrl });
  let stopping = false;
  const ended = new Promise<string>((resolve) => {
    void node.exited.then(() => {
      if (!stopping) resolve(describeEnd(node));
    });
  });
  const stopNode = async () => {
    stopping = true;
    await callOffGuard();
    await node.stop();
  };
  try {
    // Whatever the node was started from is on disk; a first copy says so.
    await node.checkpoint();
    const proxy = await startChainProxy(
      { port, nodeUrl: node.rpcUrl },
      { durableHeight: () => node.durableHeight() ?? 0n },
    );
    return {
      rpcUrl: `http://127.0.0.1:${port}`,
      pid,
      rpc,
      failed: Promise.race([ended, notKept.promise]),
      async setBlockTime(seconds) {
        await rpc.request('evm_setIntervalMining', [seconds]);
      },
      async save() {
        await node.checkpoint();
      },
      async stop() {
        await proxy.close();
        await stopNode();
      },
    };
  } catch (error) {
    await stopNode();
    throw error;
  }
}

async function startNode(options: Parameters<typeof startTempoNode>[0]): Promise<TempoNode> {
  try {
    return await startTempoNode(options);
  } catch (error) {
    if (error instanceof TempoError) throw new DevnetError(messageOf(error), { cause: error });
    throw error;
  }
}

function describeEnd({ process: { exitCode, signalCode } }: TempoNode): string {
  return `the Tempo node ${signalCode === null ? `ended with exit code ${exitCode}` : `was ended by ${signalCode}`}`;
}
