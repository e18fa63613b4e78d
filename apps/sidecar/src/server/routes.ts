import { randomUUID } from 'node:crypto';
import { cors } from '@connectrpc/connect';
import type { Request, Response } from './listener.ts';
import type { RpcRoutes } from './rpc-routes.ts';

/** What a plain GET answers. */
export interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface RoutesDependencies {
  readonly rpc: RpcRoutes;
  /** By path, for example `/healthz`. */
  readonly pages: Readonly<Record<string, () => Page | Promise<Page>>>;
  readonly onError: (error: unknown, requestId: string) => void;
}

const REQUEST_ID = /^[A-Za-z0-9_.-]{1,64}$/;

/** Everything that the port answers: RPC, and a few pages for operators. */
export function createRoutes(
  { allowedOrigins }: { readonly allowedOrigins: readonly string[] },
  { rpc, pages, onError }: RoutesDependencies,
): (request: Request, response: Response) => void {
  const origins = new Set(allowedOrigins);

  return (request, response) => {
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    response.setHeader('x-request-id', requestId);
    const isPreflight = applyCors(request, response, origins);
    if (isPreflight) return respond(response, { status: 204, type: 'text/plain', body: '' });
    if (rpc(request, response, requestId)) return;
    const page = pages[(request.url ?? '').split('?', 1)[0] ?? ''];
    if (!page) return respond(response, { status: 404, type: 'text/plain', body: 'not found\n' });
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return respond(response, { status: 405, type: 'text/plain', body: 'only GET\n' });
    }
    Promise.resolve()
      .then(page)
      .then(
        (content) => respond(response, content, request.method === 'HEAD'),
        (error: unknown) => {
          onError(error, requestId);
          respond(response, { status: 500, type: 'text/plain', body: `internal error, request ${requestId}\n` });
        },
      );
  };
}

/** Adds what a browser asks for, to the origins that were configured only. True for a preflight request. */
function applyCors(request: Request, response: Response, origins: ReadonlySet<string>): boolean {
  const { origin } = request.headers;
  if (origins.size > 0) response.setHeader('vary', 'Origin');
  if (typeof origin !== 'string' || !origins.has(origin)) return false;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', [...cors.exposedHeaders, 'x-request-id'].join(', '));
  if (request.method !== 'OPTIONS') return false;
  response.setHeader('access-control-allow-methods', cors.allowedMethods.join(', '));
  response.setHeader('access-control-allow-headers', [...cors.allowedHeaders, 'x-request-id'].join(', '));
  response.setHeader('access-control-max-age', '7200');
  return true;
}

function respond(response: Response, { status, type, body }: Page, headOnly = false): void {
  response.statusCode = status;
  response.setHeader('content-type', type);
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  response.end(headOnly ? '' : body);
}
