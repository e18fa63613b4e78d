import { extname, join } from 'node:path';
import express, { Router } from 'express';

/** Files under assets/ carry a hash in their name and never change; everything else is asked for anew each time. */
const IMMUTABLE = 'public, max-age=31536000, immutable';
const REVALIDATE = 'no-cache';

/** The built wallet: its files, and its one page for every path that names no file. */
export function walletFiles(directory: string): Router {
  const assets = join(directory, 'assets/');
  const router = Router();
  router.use(
    express.static(directory, {
      index: false,
      redirect: false,
      cacheControl: false,
      setHeaders: (response, path) => {
        response.setHeader('Cache-Control', path.startsWith(assets) ? IMMUTABLE : REVALIDATE);
      },
    }),
  );
  router.get('/{*path}', (request, response, next) => {
    const isPage = extname(request.path) === '' && !request.path.startsWith('/v1/') && request.accepts('html');
    if (!isPage) {
      next();
      return;
    }
    response.setHeader('Cache-Control', REVALIDATE);
    response.sendFile('index.html', { root: directory, cacheControl: false });
  });
  return router;
}
