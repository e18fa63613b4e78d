import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { TempoError } from '../errors.ts';
import { createJsonRpc, type JsonRpc } from '../json-rpc.ts';
import { chainIdOf } from '../transaction.ts';
import { anvilBinary } from './anvil-binary.ts';
import { type Checkpoints, startCheckpoints } from './checkpoints.ts';
import { endWithCaller } from './end-with-caller.ts';
import { unpackState } from './state-file.ts';

export interface TempoNodeOptions {
  /** 0, a port chosen by the system, unless given. */
  readonly port?: number;
  /** 0.5 unless given, about what Tempo does. */
  readonly blockTimeSeconds?: number;
  readonly chainId?: number;
  /** Where the chain is kept, packed by gzip; absent: in memory only. */
  readonly stateFile?: string;
  /**
   * Whether the state after old blocks can be read; true unless given. Without it the node stays small, but refuses a
   * read of the latest state with BlockOutOfRangeError when a block comes in between: ask again.
   */
  readonly keepOldState?: boolean;
  /** Shortest time between two copies to `stateFile`; what came after the last copy is lost when the node is killed. */
  readonly checkpointIntervalMs?: number;
  /** Told of every regular copy that failed while the node runs; a warning of the process unless given. */
  readonly onCheckpointError?: (error: unknown) => void;
  readonly startTimeoutMs?: number;
}

export interface TempoNode {
  readonly rpcUrl: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Resolves when the node has ended, whoever ended it. */
  readonly exited: Promise<void>;
  /** Height up to which `stateFile` holds the chain; undefined before the first copy, and without a file. */
  durableHeight(): bigint | undefined;
  /** Copies the chain to `stateFile` now. @throws TypeError without a file. */
  checkpoint(): Promise<bigint>;
  /** Copies the chain a last time, then ends the node: politely, by force after some seconds. Safe to call twice. */
  stop(): Promise<void>;
}

const DEFAULT_CHAIN_ID = 31_337;
const BLOCK_GAS_LIMIT = 500_000_000;
const POLITE_STOP_MS = 5_000;
const DIAGNOSTIC_BYTES = 4_096;
/** A copy of some weeks' chain; what a string can hold. */
const STATE_BYTES = 500_000_000;

/**
 * Starts a Tempo execution environment (hardfork T4) on this machine, listening on the loopback interface only.
 * Interval mining, since automatic mining drops transactions. The node ends with the caller, also when that is
 * killed (not on Windows).
 * @throws TempoError NODE_FAILED that names the cause: program missing, port in use, state unreadable, ended early.
 */
export async function startTempoNode(options: TempoNodeOptions = {}): Promise<TempoNode> {
  const { stateFile, chainId = DEFAULT_CHAIN_ID, startTimeoutMs = 30_000 } = options;
  const restored = stateFile !== undefined && existsSync(stateFile) ? await unpackState(stateFile) : undefined;
  const child = spawn(anvilBinary(), argumentsOf(options, chainId, restored), {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C in a terminal reaches whoever started the node, who then stops it in order.
    detached: true,
  });
  endWithCaller(child);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  try {
    const port = await listeningPort(child, options.port ?? 0, startTimeoutMs);
    const rpcUrl = `http://127.0.0.1:${port}`;
    const rpc = createJsonRpc({ url: rpcUrl, timeoutMs: startTimeoutMs, maxAnswerBytes: STATE_BYTES });
    const actual = await chainIdOf(rpc);
    if (actual !== BigInt(chainId)) throw failure(`chain id ${actual} was loaded where ${chainId} was asked for`);
    const checkpoints = stateFile === undefined ? undefined : keep(stateFile, rpc, child, options);
    let stopping: Promise<void> | undefined;
    return {
      rpcUrl,
      port,
      process: child,
      exited,
      durableHeight: () => checkpoints?.durableHeight(),
      checkpoint() {
        if (!checkpoints) throw new TypeError('this node keeps its chain in memory only');
        return checkpoints.save();
      },
      stop() {
        stopping ??= stopNode(child, exited, rpc, checkpoints);
        return stopping;
      },
    };
  } catch (error) {
    await endProcess(child, exited);
    throw error;
  } finally {
    if (restored !== undefined) await rm(restored);
  }
}

function keep(path: string, rpc: JsonRpc, child: ChildProcess, options: TempoNodeOptions): Checkpoints {
  const { checkpointIntervalMs: intervalMs = 1_000, onCheckpointError = warn } = options;
  // A node that has ended cannot be copied any more; whoever waits for `exited` knows.
  const onError = (error: unknown) => (isRunning(child) ? onCheckpointError(error) : undefined);
  return startCheckpoints({ path, intervalMs }, { rpc, onError });
}

function warn(error: unknown): void {
  process.emitWarning(`the chain could not be copied to disk: ${error instanceof Error ? error.message : error}`);
}

function argumentsOf(options: TempoNodeOptions, chainId: number, restored: string | undefined): readonly string[] {
  const { port = 0, blockTimeSeconds = 0.5, keepOldState = true } = options;
  return [
    ...['--network', 'tempo', '--hardfork', 'T4'],
    ...['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(chainId)],
    ...['--block-time', String(blockTimeSeconds), '--gas-limit', String(BLOCK_GAS_LIMIT)],
    // Blocks are final two below the latest.
    ...['--slots-in-an-epoch', '1'],
    ...(keepOldState ? [] : ['--prune-history']),
    ...(restored === undefined ? [] : ['--load-state', restored]),
  ];
}

/** Waits for the line that says where the node listens; no other output of it is kept. */
function listeningPort(child: ChildProcess, wanted: number, timeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    const timer = setTimeout(() => finish(failure(`it did not start within ${timeoutMs} ms`)), timeoutMs);
    const onOutput = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-DIAGNOSTIC_BYTES);
      const match = /Listening on 127\.0\.0\.1:(\d+)/.exec(output);
      if (match?.[1]) finish(Number(match[1]));
    };
    const onErrors = (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(0, DIAGNOSTIC_BYTES);
    };
    const onExit = (code: number | null, signal: string | null) =>
      finish(failure(causeOf(errors, wanted, code, signal)));
    const onError = (error: Error) => finish(failure(`it cannot be run: ${error.message}`, error));
    function finish(result: number | TempoError): void {
      clearTimeout(timer);
      child.stdout?.off('data', onOutput);
      child.stderr?.off('data', onErrors);
      child.off('close', onExit).off('error', onError);
      // Read on and thrown away, or the node would stand still once the pipes are full.
      child.stdout?.resume();
      child.stderr?.resume();
      if (typeof result === 'number') resolve(result);
      else reject(result);
    }
    child.stdout?.on('data', onOutput);
    child.stderr?.on('data', onErrors);
    child.once('close', onExit).once('error', onError);
  });
}

function causeOf(errors: string, port: number, code: number | null, signal: string | null): string {
  if (/address already in use/i.test(errors)) return `port ${port} is already in use`;
  const reason = errors.trim().split('\n').slice(0, 3).join(' ');
  return `it ended with ${signal ?? `code ${code}`} before it was ready${reason ? `: ${reason}` : ''}`;
}

function failure(cause: string, error?: Error): TempoError {
  return new TempoError('NODE_FAILED', `the Tempo node did not start: ${cause}`, {}, error ? { cause: error } : {});
}

async function stopNode(
  child: ChildProcess,
  exited: Promise<void>,
  rpc: JsonRpc,
  checkpoints: Checkpoints | undefined,
): Promise<void> {
  try {
    await checkpoints?.stop();
    if (checkpoints && isRunning(child)) {
      // No block after the last copy.
      await rpc.request('evm_setIntervalMining', [0]);
      await checkpoints.save();
    }
  } finally {
    await endProcess(child, exited);
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function endProcess(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (!isRunning(child)) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), POLITE_STOP_MS);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(timer);
}
