import { statSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { UnavailableError } from '../process/unavailable-error.ts';

/**
 * Makes sure that one process at a time works on a data directory: two with the same keys and two views of the store
 * could sign two values for one slot. The lock is a local socket, which the system takes back however the process
 * ends; nothing stale can be left that a restart would have to guess about.
 * @throws UnavailableError while another process holds it.
 */
export async function lockDirectory(directory: string): Promise<{ release(): Promise<void> }> {
  const name = lockName(directory);
  const server = (await bind(name)) ?? (await replaceDeadSocket(name)) ?? fail(directory);
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

function fail(directory: string): never {
  throw new UnavailableError(
    `dataDirectory ${directory}: another sidecar works on it\n  → stop that one first; two must never share a store`,
  );
}

/** Linux names sockets without a file; device and inode name the directory, whatever path leads to it. */
function lockName(directory: string): string {
  const { dev, ino } = statSync(directory, { bigint: true });
  return process.platform === 'linux' ? `\0fastpay-sidecar-${dev}-${ino}` : join(directory, 'lock.sock');
}

/** Undefined when the name is taken. */
function bind(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => resolve(server));
  });
}

/** Elsewhere the socket is a file that outlives a crash: when nobody answers behind it, it is taken over. */
async function replaceDeadSocket(name: string): Promise<Server | undefined> {
  if (name.startsWith('\0') || (await answers(name))) return undefined;
  unlinkSync(name);
  return bind(name);
}

function answers(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(name);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
