import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** One way through the network, which can be broken. */
export interface Link {
  /** Where the side that connects finds the other one. */
  readonly url: string;
  /** Resets every connection, and every new one until healed. */
  cut(): void;
  /** Holds back every byte in both directions until healed; connections stay, and new ones are taken. */
  stall(): void;
  /** Lets every piece through this much later. Milliseconds. */
  delay(milliseconds: number): void;
  /** As if nothing had been; what was held back goes on its way. */
  heal(): void;
  close(): Promise<void>;
}

/** Listens on a free loopback port and passes everything on to `target`, a loopback port. */
export async function openLink(target: number): Promise<Link> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let delayMs = 0;
  let passage: PromiseWithResolvers<void> | undefined;

  function track(socket: Socket): Socket {
    sockets.add(socket);
    // The other side of the link closes it: an error here is only how that comes about.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    return socket;
  }

  const gate = () =>
    new Transform({
      async transform(chunk: Buffer, _encoding, done) {
        if (delayMs > 0) await delay(delayMs);
        await passage?.promise;
        done(null, chunk);
      },
    });

  const server = createServer((near) => {
    track(near);
    if (isCut) return void near.resetAndDestroy();
    const far = track(createConnection({ port: target, host: '127.0.0.1' }));
    near.setNoDelay(true);
    far.setNoDelay(true);
    near.pipe(gate()).pipe(far);
    far.pipe(gate()).pipe(near);
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };

  function heal(): void {
    isCut = false;
    delayMs = 0;
    passage?.resolve();
    passage = undefined;
  }

  function reset(): void {
    for (const socket of sockets) socket.resetAndDestroy();
  }

  return {
    url: `http://127.0.0.1:${port}`,
    cut() {
      isCut = true;
      reset();
    },
    stall() {
      passage ??= Promise.withResolvers();
    },
    delay(milliseconds) {
      delayMs = milliseconds;
    },
    heal,
    async close() {
      heal();
      const closed = once(server, 'close');
      server.close();
      reset();
      await closed;
    },
  };
}
