import { cors as connectCors, createContextValues, type Interceptor } from '@connectrpc/connect';
import { expressConnectMiddleware } from '@connectrpc/connect-express';
import { limits } from '@fastpay/protocol';
import { createRejectInterceptor } from '@fastpay/rpc';
import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import { clientAddressKey, type relayService } from '../connect/service.ts';
import { relayLimits } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { RateLimit } from '../rate-limit.ts';
import type { Route } from '../rest/route.ts';
import { notFound, problemHandler, restRouter } from '../rest/router.ts';
import { clientAddress } from './client-address.ts';
import { requestLog } from './request-log.ts';
import { securityHeaders } from './security.ts';
import { walletFiles } from './wallet-files.ts';

interface AppOptions {
  readonly version: string;
  readonly allowedOrigins: readonly string[];
  readonly trustProxy: number;
  readonly devnetUrl: string | undefined;
  readonly walletDirectory: string | undefined;
}

interface AppDependencies {
  readonly service: ReturnType<typeof relayService>;
  readonly routes: readonly Route[];
  readonly addressLimit: RateLimit;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Why the relay is not ready; undefined when it is. */
  unready(): string | undefined;
}

const CONNECT_PATH = '/fastpay.v1.RelayService';
const HOUR_SECONDS = 3_600;

export function createApp(options: AppOptions, dependencies: AppDependencies): Express {
  const { log, metrics, addressLimit } = dependencies;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', options.trustProxy);
  app.set('query parser', 'simple');
  app.use(endUnreadRequests);
  app.use(requestLog({ log, metrics }));
  app.use(securityHeaders(options));
  app.use(operations(dependencies));
  app.use(
    ['/v1', CONNECT_PATH],
    cors({
      origin: [...options.allowedOrigins],
      methods: [...connectCors.allowedMethods],
      allowedHeaders: [...connectCors.allowedHeaders],
      exposedHeaders: [...connectCors.exposedHeaders, 'Retry-After', 'X-Request-Id'],
      maxAge: HOUR_SECONDS,
    }),
  );
  // Connect tells its refusals in its own form, so the limit is an interceptor there.
  app.use('/v1', async (request, _response, next) => {
    await addressLimit.take(clientAddress(request));
    next();
  });
  app.use(
    expressConnectMiddleware({
      routes: dependencies.service,
      readMaxBytes: limits.requestBytes,
      interceptors: [
        createRejectInterceptor((error) => log.error({ err: error }, 'unexpected failure')),
        limitByAddress(addressLimit),
      ],
      contextValues: (request) => createContextValues().set(clientAddressKey, clientAddress(request)),
    }),
  );
  app.use(restRouter(dependencies.routes, options.version));
  if (options.walletDirectory !== undefined) app.use(walletFiles(options.walletDirectory));
  app.use(notFound);
  app.use(problemHandler({ log }));
  return app;
}

/**
 * A body that was refused before its end leaves a connection that nobody reads. It is closed, a moment after the answer
 * so that the caller gets to read that.
 */
const endUnreadRequests: RequestHandler = (request, response, next) => {
  const { socket } = request;
  response.once('close', () => {
    if (!request.complete) setTimeout(() => socket.destroy(), relayLimits.lingerMs).unref();
  });
  next();
};

function limitByAddress(limit: RateLimit): Interceptor {
  return (next) => async (request) => {
    await limit.take(request.contextValues.get(clientAddressKey));
    return await next(request);
  };
}

function operations({ metrics, unready }: AppDependencies): RequestHandler {
  const router = express.Router();
  router.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });
  router.get('/readyz', (_request, response) => {
    const reason = unready();
    response.status(reason === undefined ? 200 : 503);
    response.type('text/plain').send(`${reason ?? 'ready'}\n`);
  });
  router.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return router;
}
