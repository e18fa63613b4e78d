import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends `child` when this process has ended, however that came about: a shell waits for the end of a pipe that only
 * this process holds open. The shell ends with the child. Windows has no such shell; there a child outlives a caller
 * that was killed.
 */
export function endWithCaller(child: ChildProcess): void {
  if (process.platform === 'win32' || child.pid === undefined) return;
  const shell = spawn('/bin/sh', ['-c', 'read -r _; kill -KILL "$1"', 'sh', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A group of its own: Ctrl-C is for the caller.
    detached: true,
  });
  // Nothing is ever written, but the pipe of a shell that ends may still report it.
  shell.stdin.on('error', () => shell.stdin.destroy());
  shell.unref();
  child.once('exit', () => shell.kill('SIGKILL'));
}
