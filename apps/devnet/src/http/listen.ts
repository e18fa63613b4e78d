import type { Server } from 'node:http';
import { DevnetError } from '../error.ts';

/** Listens on this machine's loopback address only. @throws DevnetError that names what could not listen. */
export async function listenOnLoopback(
  server: Server,
  port: number,
  name: string,
): Promise<{ close(): Promise<void> }> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new DevnetError(`${name}: ${error.message}`, { cause: error })));
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
