import { createServer, type IncomingMessage } from 'node:http';
import { DevnetError } from '../error.ts';
import { withFinalizedHeight } from './finality.ts';

/** Enough for a contract deployment and a page of settlements. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

/**
 * The address under which everyone else reaches the node. It calls final only what the launcher has on disk: a node
 * that is killed would otherwise come back without blocks that validators have taken for final.
 */
export async function startChainProxy(
  options: { readonly port: number; readonly nodeUrl: string },
  dependencies: { readonly durableHeight: () => bigint },
): Promise<{ close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = async () => {
      if (request.method !== 'POST') {
        response.writeHead(405, { allow: 'POST' }).end();
        return;
      }
      const body = await readBody(request);
      const upstream = await fetch(options.nodeUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: rewrite(body, dependencies.durableHeight()),
      });
      const content = Buffer.from(await upstream.arrayBuffer());
      response.writeHead(upstream.status, { 'content-type': 'application/json' }).end(content);
    };
    answer().catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(error instanceof TooLarge ? 413 : 502);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new DevnetError(`Tempo node: ${error.message}`, { cause: error })));
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) throw new TooLarge('the request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function rewrite(body: string, height: bigint): string {
  if (!body.includes('"finalized"') && !body.includes('"safe"')) return body;
  try {
    return JSON.stringify(withFinalizedHeight(JSON.parse(body), height));
  } catch {
    // Not JSON: the node says so itself.
    return body;
  }
}
