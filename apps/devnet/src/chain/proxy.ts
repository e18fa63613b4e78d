import { createServer } from 'node:http';
import { listenOnLoopback } from '../http/listen.ts';
import { BodyTooLarge, readBody } from '../http/read-body.ts';
import { withFinalizedHeight } from './finality.ts';

/** Enough for a contract deployment and a page of settlements. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

/**
 * The address under which everyone else reaches the node. It calls final only what the launcher has on disk: a node
 * that is killed would otherwise come back without blocks that validators have taken for final.
 */
export function startChainProxy(
  options: { readonly port: number; readonly nodeUrl: string },
  dependencies: { readonly durableHeight: () => bigint },
): Promise<{ close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = async () => {
      if (request.method !== 'POST') {
        response.writeHead(405, { allow: 'POST' }).end();
        return;
      }
      const body = await readBody(request, MAX_REQUEST_BYTES);
      const { status, text } = await ask(options.nodeUrl, rewrite(body, dependencies.durableHeight()));
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    };
    answer().catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(error instanceof BodyTooLarge ? 413 : 502);
      response.end();
    });
  });
  return listenOnLoopback(server, options.port, 'Tempo node');
}

const ATTEMPTS = 20;

/** The node forgets a state as soon as the next block comes; a read of the latest one that met this is made again. */
async function ask(nodeUrl: string, body: string): Promise<{ readonly status: number; readonly text: string }> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(nodeUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const text = await response.text();
    if (attempt === ATTEMPTS || !text.includes('BlockOutOfRangeError')) return { status: response.status, text };
  }
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
