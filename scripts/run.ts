import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The top of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

export interface RunResult {
  /** 0 for success; 1 also when a signal ended the command. */
  readonly exitCode: number;
  /** Standard output and error together, in order of arrival; empty when they were passed through. */
  readonly output: string;
  readonly seconds: number;
}

export interface RunOptions {
  /** `pass` shows the output as it comes, `capture` keeps it for the result. */
  readonly output: 'pass' | 'capture';
  readonly env?: Readonly<Record<string, string>>;
}

const children = new Set<ReturnType<typeof spawn>>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    for (const child of children) child.kill(signal);
    process.exitCode = 1;
  });
}

/** Runs a command at the top of the repository. Never throws for a command that fails. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const started = performance.now();
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...options.env },
    stdio: options.output === 'pass' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const chunks: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { exitCode: code ?? 1, output: chunks.join(''), seconds: (performance.now() - started) / 1_000 };
  } catch (error) {
    return { exitCode: 1, output: `${command}: ${String(error)}`, seconds: (performance.now() - started) / 1_000 };
  } finally {
    children.delete(child);
  }
}

/** A tool of node_modules/.bin that is a Node script, run by this very Node. */
export function runTool(script: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  return run(process.execPath, [`${root}node_modules/${script}`, ...args], options);
}
