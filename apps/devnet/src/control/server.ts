import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Address, RejectError, toAddress } from '@fastpay/protocol';
import { DevnetError, messageOf } from '../error.ts';
import { listenOnLoopback } from '../http/listen.ts';
import { BodyTooLarge, readBody } from '../http/read-body.ts';
import { createGiftLimit } from './gift-limit.ts';
import { controlLimits } from './limits.ts';

/** Switches for people who try the devnet: a faucet, and validators to stop and start. Loopback only. */

export interface ValidatorState {
  readonly name: string;
  readonly signer: number;
  readonly running: boolean;
}

export interface ControlDependencies {
  readonly give: (address: Address) => Promise<{ readonly transactionHash: string; readonly amount: bigint }>;
  readonly validators: {
    list(): readonly ValidatorState[];
    /** @throws DevnetError for a name that nobody has. */
    start(name: string): Promise<void>;
    stop(name: string): Promise<void>;
  };
  /** What `npm run devnet:memory` and tests want to know. */
  readonly processes: () => readonly { readonly name: string; readonly pid: number }[];
}

export interface ControlOptions {
  readonly port: number;
  /** Pages that may call: the wallet's origins. */
  readonly allowedOrigins: readonly string[];
}

export function startControl(
  options: ControlOptions,
  dependencies: ControlDependencies,
): Promise<{ close(): Promise<void> }> {
  const mayGive = createGiftLimit();

  async function faucet(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = readAddress(await readBody(request, controlLimits.requestBytes));
    const decision = mayGive(address, performance.now());
    if (!decision.allowed) {
      const wait = decision.retryAfterSeconds;
      if (wait !== undefined) response.setHeader('retry-after', String(wait));
      return send(response, 429, { title: decision.reason });
    }
    const { transactionHash, amount } = await dependencies.give(address);
    send(response, 200, { transactionHash, amount: String(amount) });
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const change = /^\/validators\/([A-Za-z]{1,32})\/(start|stop)$/.exec(path);
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (request.method === 'POST' && path === '/faucet') return faucet(request, response);
    if (request.method === 'GET' && path === '/validators') return send(response, 200, dependencies.validators.list());
    if (request.method === 'GET' && path === '/processes') return send(response, 200, dependencies.processes());
    if (request.method === 'POST' && change) {
      const [, name = '', act] = change;
      await (act === 'start' ? dependencies.validators.start(name) : dependencies.validators.stop(name));
      return send(response, 200, dependencies.validators.list());
    }
    send(response, 404, { title: 'There is no such switch.' });
  }

  const server = createServer((request, response) => {
    const { origin } = request.headers;
    // A page of another origin may neither read nor switch, and a name that is not ours is a rebound one.
    if (!isLoopback(request.headers.host) || (origin !== undefined && !options.allowedOrigins.includes(origin))) {
      return send(response, 403, { title: 'Only the wallet of this devnet may use its switches.' });
    }
    if (origin !== undefined) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-allow-methods', 'GET, POST');
      response.setHeader('access-control-allow-headers', 'content-type');
      response.setHeader('vary', 'origin');
    }
    route(request, response).catch((error: unknown) => {
      const isRefusal = [DevnetError, RejectError, BodyTooLarge].some((kind) => error instanceof kind);
      send(response, isRefusal ? 400 : 500, { title: messageOf(error) });
    });
  });
  return listenOnLoopback(server, options.port, 'control');
}

function isLoopback(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) return void response.end();
  response.writeHead(status, {
    'content-type': status < 400 ? 'application/json' : 'application/problem+json',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(body));
}

function readAddress(body: string): Address {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    throw new DevnetError('The body is not JSON; expected {"address": "0x…"}.', { cause: error });
  }
  const { address } = (typeof json === 'object' && json !== null ? json : {}) as { address?: unknown };
  if (typeof address !== 'string') throw new DevnetError('Expected {"address": "0x…"}.');
  return toAddress(address);
}
