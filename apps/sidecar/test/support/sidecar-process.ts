import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface SidecarProcess {
  /** Where it serves. */
  readonly url: string;
  readonly pid: number;
  /** Log records so far. */
  readonly records: readonly Record<string, unknown>[];
  /** Resolves with the first record for which `accept` holds, past or to come. */
  record(accept: (record: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when the process is gone. */
  readonly exited: Promise<Exit>;
  /** SIGTERM, then waits. */
  stop(): Promise<Exit>;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const mainFile = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Stripping the types of every file at every start would take longer than most tests. */
const compileCache = fileURLToPath(new URL('../../../../node_modules/.cache/sidecar-tests', import.meta.url));

/** Runs the sidecar's command line (or `entry` in its place) and waits for its end. */
export function runToEnd(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Exit> {
  return launch([mainFile, ...words], environment).exited;
}

/** Starts a sidecar and waits until it serves. Rejects with what it said when it ends instead. */
export async function startSidecarProcess(
  configFile: string,
  { entry = mainFile, flags = [], environment = {} }: StartOptions = {},
): Promise<SidecarProcess> {
  const { child, records, exited, onRecord } = launch([entry, '--config', configFile, ...flags], environment);

  function record(accept: (record: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    const past = records.find(accept);
    if (past) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      onRecord.add((each) => {
        if (accept(each)) resolve(each);
      });
      void exited.then(({ code, signal, stdout, stderr }) =>
        reject(new Error(`the sidecar ended (${code ?? signal}): ${stderr}${stdout}`)),
      );
    });
  }

  const { url } = await record((each) => each.msg === 'ready');
  return {
    url: String(url),
    pid: child.pid ?? 0,
    records,
    record,
    signal: (signal) => child.kill(signal),
    exited,
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

export interface StartOptions {
  /** Another entry file with other wiring. */
  readonly entry?: string;
  readonly flags?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

/** A test that fails half way must not leave a daemon behind. */
const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

function launch(words: readonly string[], environment: NodeJS.ProcessEnv) {
  const child: ChildProcess = spawn(process.execPath, [...words], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compileCache, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  const records: Record<string, unknown>[] = [];
  const onRecord = new Set<(record: Record<string, unknown>) => void>();
  let stdout = '';
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{"level"')) return;
      const record = JSON.parse(line);
      records.push(record);
      for (const listener of onRecord) listener(record);
    });
  }
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, records, onRecord, exited };
}
