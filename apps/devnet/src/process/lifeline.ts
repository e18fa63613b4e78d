/**
 * Loaded before a child's own code (`node --import …/lifeline.ts`): the child's standard input is a pipe that the
 * launcher holds open and never writes to. When it closes, the launcher is gone, however it ended, and so is the child.
 */
const LAST_CHANCE_MS = 5_000;

process.stdin.on('close', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_CHANCE_MS).unref();
});
process.stdin.on('error', () => process.stdin.destroy());
process.stdin.resume();
// A pipe is a socket, and must not keep a child alive that has ended its work.
if ('unref' in process.stdin) process.stdin.unref();
