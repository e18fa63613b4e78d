import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Heights that a node calls so, whatever its chain has by now. */
export interface PinnedHead {
  readonly latest: bigint;
  readonly finalized: bigint;
}

/** What stands in front of a node, such as a balancer with a replica that lags. */
export interface HeadProxy {
  readonly rpcUrl: string;
  /** From now on the node has this head, and for undefined its own again. */
  pin(head: PinnedHead | undefined): void;
  /** Resolves when the head was asked for that many times more. */
  asked(times: number): Promise<void>;
  stop(): Promise<void>;
}

/** Hands JSON-RPC on to a node unchanged, but for the blocks that are called latest and finalized. */
export async function startHeadProxy(nodeUrl: string): Promise<HeadProxy> {
  let pinned: PinnedHead | undefined;
  const listeners = new Set<() => void>();

  function forwarded(body: string): string {
    const request = JSON.parse(body);
    const tag: unknown = request.method === 'eth_getBlockByNumber' ? request.params[0] : undefined;
    if (tag !== 'latest' && tag !== 'finalized') return body;
    if (tag === 'latest') for (const listener of listeners) listener();
    if (!pinned) return body;
    return JSON.stringify({ ...request, params: [`0x${pinned[tag].toString(16)}`, ...request.params.slice(1)] });
  }

  const server = createServer(async (request, response) => {
    const headers = { 'content-type': 'application/json' };
    try {
      const answer = await fetch(nodeUrl, { method: 'POST', headers, body: forwarded(await textOf(request)) });
      response.writeHead(answer.status, headers).end(await answer.text());
    } catch (error) {
      response.writeHead(502).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    rpcUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pin(head) {
      pinned = head;
    },
    asked(times) {
      let left = times;
      return new Promise((resolve) => {
        const listener = () => {
          left -= 1;
          if (left > 0) return;
          listeners.delete(listener);
          resolve();
        };
        listeners.add(listener);
      });
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return text;
}
