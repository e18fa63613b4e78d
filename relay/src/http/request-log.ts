import { randomUUID } from 'node:crypto';
import { RelayService } from '@fastpay/rpc';
import type { RequestHandler } from 'express';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';

/** Gives each request an id, and records what became of it: never its body, query or the caller's address. */
export function requestLog({ log, metrics }: { readonly log: Log; readonly metrics: Metrics }): RequestHandler {
  return (request, response, next) => {
    const id = randomUUID();
    const started = performance.now();
    response.setHeader('X-Request-Id', id);
    response.once('close', () => {
      const route = routeOf(request.method, request.path);
      const seconds = (performance.now() - started) / 1_000;
      const { statusCode } = response;
      metrics.requests.inc({ route, status: `${statusCode}` });
      metrics.requestSeconds.observe({ route }, seconds);
      const record = { requestId: id, route, status: statusCode, ms: Math.round(seconds * 1_000) };
      if (statusCode >= 500) log.warn(record, 'request');
      else log.debug(record, 'request');
    });
    next();
  };
}

/** A name from a fixed list, so that nobody outside can make new series. */
function routeOf(method: string, path: string): string {
  const connect = /^\/fastpay\.v1\.RelayService\/([A-Z][A-Za-z]{1,40})$/.exec(path);
  if (connect) return connectMethods.has(connect[1] ?? '') ? `connect ${connect[1]}` : 'connect unknown';
  const rest =
    /^\/v1\/(payments|bulletin|accounts|committee|chain|network|certificates|tempo|openapi\.json)(?:\/|$)/.exec(path);
  if (rest && (method === 'GET' || method === 'POST')) return `${method} /v1/${rest[1]}`;
  return 'other';
}

const connectMethods: ReadonlySet<string> = new Set(RelayService.methods.map(({ name }) => name));
