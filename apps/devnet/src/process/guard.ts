import { spawn } from 'node:child_process';

/**
 * A program that is not ours cannot watch for its launcher's end: a shell does it in its place, and ends the program
 * when the pipe from the launcher closes, however that came about. Gives back how to call it off.
 */
export function guardProcess(pid: number): () => void {
  // There is no such shell on Windows: there a killed launcher leaves the program behind.
  if (process.platform === 'win32') return () => undefined;
  const shell = spawn('/bin/sh', ['-c', 'cat >/dev/null; kill -KILL "$1"', 'guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.stdin.on('error', () => shell.stdin.destroy());
  shell.unref();
  return () => {
    shell.kill('SIGKILL');
    shell.stdin.destroy();
  };
}
