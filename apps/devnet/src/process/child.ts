import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DevnetError } from '../error.ts';
import { createLogFile } from './log-file.ts';

export interface ChildSpec {
  /** What people call it: `validator Dave`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  /** Working directory; the launcher's own by default. */
  readonly directory?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What to install when the command does not exist. */
  readonly comesFrom: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<Exit>;
  readonly isRunning: boolean;
  /** Asks it to end, and ends it when it has not by then. */
  stop(graceMs: number): Promise<void>;
  /** SIGKILL, to it and whatever it started. */
  kill(): Promise<void>;
  /** Its last words and what ended it, for people. */
  describeExit(exit: Exit): string;
}

const TAIL_LINES = 12;

/**
 * Starts a process in a group of its own, so that Ctrl-C reaches the launcher alone, with a pipe as standard input
 * whose end tells it that the launcher is gone.
 * @throws DevnetError when the command does not exist.
 */
export async function startChild(spec: ChildSpec): Promise<Child> {
  const log = createLogFile(spec.logFile);
  const descriptor = log.open();
  const child = spawn(spec.command, spec.args, {
    stdio: ['pipe', descriptor, descriptor],
    detached: true,
    env: { ...childEnvironment(), ...spec.env },
    ...(spec.directory === undefined ? {} : { cwd: spec.directory }),
  });
  closeSync(descriptor);
  // Nothing is ever written, but the pipe of a child that ends may still report it.
  child.stdin?.on('error', () => child.stdin?.destroy());
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  await spawned(child, spec);
  const pid = child.pid ?? 0;
  const isRunning = () => child.exitCode === null && child.signalCode === null;

  const signalGroup = (signal: NodeJS.Signals) => {
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // ESRCH: everything in the group has ended already, which is what was wanted.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };

  return {
    name: spec.name,
    pid,
    exited,
    get isRunning() {
      return isRunning();
    },
    async stop(graceMs) {
      if (isRunning()) child.kill('SIGTERM');
      const timer = setTimeout(() => signalGroup('SIGKILL'), graceMs);
      await exited;
      clearTimeout(timer);
      child.stdin?.destroy();
      signalGroup('SIGKILL');
    },
    async kill() {
      signalGroup('SIGKILL');
      await exited;
      child.stdin?.destroy();
    },
    describeExit({ code, signal }) {
      const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
      const words = log.tail(TAIL_LINES);
      const lastWords = words === '' ? 'It wrote nothing.' : `Its last lines:\n${words.replace(/^/gm, '  ')}`;
      return `${spec.name} ${how}.\n${lastWords}\nLog: ${spec.logFile}`;
    },
  };
}

/** Left alone, Node lets garbage grow with the machine's memory, and a devnet is seven processes. */
export interface NodeMemory {
  /** What lasts. */
  readonly oldSpaceMb: number;
  /** What is new. */
  readonly semiSpaceMb: number;
}

export function memoryFlags({ oldSpaceMb, semiSpaceMb }: NodeMemory): readonly string[] {
  return [`--max-old-space-size=${oldSpaceMb}`, `--max-semi-space-size=${semiSpaceMb}`];
}

/** A TypeScript program of this repository, run by this very Node, that ends when the launcher does. */
export function nodeProgram(
  script: string,
  args: readonly string[],
  memory: NodeMemory,
): Pick<ChildSpec, 'command' | 'args' | 'comesFrom'> {
  const lifeline = fileURLToPath(new URL('./lifeline.ts', import.meta.url));
  const flags = [...memoryFlags(memory), '--import', lifeline];
  return { command: process.execPath, args: [...flags, script, ...args], comesFrom: 'node' };
}

function spawned(child: ChildProcess, spec: ChildSpec): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error: NodeJS.ErrnoException) => {
      const cause =
        error.code === 'ENOENT' || error.code === 'EACCES'
          ? `${spec.command} is missing or may not be run. It comes from the npm package ${spec.comesFrom}: run npm ci.`
          : error.message;
      reject(new DevnetError(`${spec.name} could not be started: ${cause}`, { cause: error }));
    });
  });
}

/** The launcher's environment without what would change the children's configuration behind their files. */
function childEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(FASTPAY_|NODE_OPTIONS$|npm_)/.test(name));
  return { ...Object.fromEntries(kept), NODE_ENV: 'production' };
}
