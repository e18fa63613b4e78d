import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DevnetError } from '../error.ts';

/**
 * Makes the state directory ours for as long as this process lives.
 * @throws DevnetError when another launcher that is still alive holds it.
 */
export function acquireLock(path: string, directory: string): () => void {
  const holder = readHolder(path);
  if (holder !== undefined && isLauncher(holder)) {
    throw new DevnetError(
      `A devnet is already running on ${directory} (process ${holder}).\n` +
        'Use it, stop it with Ctrl-C where it runs, or start another one: npm start -- --state-dir .devnet/second --port-base 5700',
    );
  }
  writeFileSync(path, `${process.pid}\n`);
  return () => {
    if (readHolder(path) === process.pid) rmSync(path);
  };
}

function readHolder(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8').trim());
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether a process is alive and, where the system tells, really a devnet: process ids are used again. */
function isLauncher(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const command = commandLine(pid);
  return command === undefined || command.includes('apps/devnet/src/main.ts');
}

/** `undefined` where the system does not tell. */
export function commandLine(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return undefined;
  }
}
