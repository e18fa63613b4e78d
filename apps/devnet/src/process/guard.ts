import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * A program that is not ours cannot watch for its launcher's end: a shell does it in its place, and ends the program
 * when the pipe from the launcher closes, however that came about. Gives back how to call it off, which
 * resolves when the guard is gone.
 */
export function guardProcess(pid: number): () => Promise<void> {
  // There is no such shell on Windows: there a killed launcher leaves the program behind.
  if (process.platform === 'win32') return () => Promise.resolve();
  const shell = spawn('/bin/sh', ['-c', 'cat >/dev/null; kill -KILL "$1"', 'guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.stdin.on('error', () => shell.stdin.destroy());
  const gone = once(shell, 'exit');
  shell.unref();
  return async () => {
    shell.ref();
    shell.kill('SIGKILL');
    await gone;
    shell.stdin.destroy();
  };
}
