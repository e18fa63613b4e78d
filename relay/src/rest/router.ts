import { limits, RejectError } from '@fastpay/protocol';
import express, { type ErrorRequestHandler, type RequestHandler, type Response, Router } from 'express';
import { clientAddress } from '../http/client-address.ts';
import type { Log } from '../log.ts';
import { openApiDocument } from './openapi.ts';
import { type Problem, ProblemError, problemOf, problemOfReject } from './problem.ts';
import type { Route } from './route.ts';

/** Serves the routes, and the document that describes them. */
export function restRouter(routes: readonly Route[], version: string): Router {
  const router = Router();
  const document = openApiDocument(routes, version);
  router.get('/v1/openapi.json', (_request, response) => {
    response.json(document);
  });
  const json = express.json({ limit: limits.requestBytes, inflate: false, type: 'application/json' });
  const pathOf = (route: Route) => route.path.replaceAll(/\{(\w+)\}/g, ':$1');
  for (const route of routes) {
    const serve: RequestHandler = async (request, response) => {
      const { params, query, body } = request;
      const answer = await route.answer({ params, query, body, client: clientAddress(request) });
      response.setHeader('Cache-Control', 'no-store');
      response.status(answer.status ?? 200).json(answer.body);
    };
    if (route.method === 'post') router.post(pathOf(route), json, serve);
    else router.get(pathOf(route), serve);
  }
  // Behind all of them: a path may have several methods.
  for (const path of new Set(routes.map(pathOf))) {
    const methods = routes.filter((route) => pathOf(route) === path).map(({ method }) => method.toUpperCase());
    router.all(path, (_request, response) => {
      response.setHeader('Allow', methods.join(', '));
      sendProblem(response, problemOf('METHOD_NOT_ALLOWED', `only ${methods.join(' and ')}`));
    });
  }
  return router;
}

export const notFound: RequestHandler = (_request, response) => {
  sendProblem(response, problemOf('NOT_FOUND', 'there is nothing at this path'));
};

/** The one boundary where everything thrown becomes a problem. */
export function problemHandler({ log }: { readonly log: Log }): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = problemFrom(error);
    if (problem.code === 'INTERNAL') log.error({ err: error }, 'unexpected failure');
    const { retryAfterMs } = problem.facts;
    if (retryAfterMs !== undefined) response.setHeader('Retry-After', Math.ceil(retryAfterMs / 1_000));
    sendProblem(response, problem);
  };
}

function problemFrom(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof RejectError) return problemOfReject(error);
  // The body parser and the router name the client's fault by an HTTP status.
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 413) {
    return problemOfReject(
      new RejectError('INVALID_FORMAT', `a request has at most ${limits.requestBytes} bytes`),
      413,
    );
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return problemOfReject(new RejectError('INVALID_FORMAT', 'the request cannot be read'), status);
  }
  return problemOf('INTERNAL', 'the relay failed');
}

function sendProblem(response: Response, problem: Problem): void {
  response.setHeader('Cache-Control', 'no-store');
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
