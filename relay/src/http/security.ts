import { extname } from 'node:path';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * What the wallet's pages and workers may load and whom they may call: their own origin, and a devnet's control when
 * there is one. `wasm-unsafe-eval` lets WebAssembly compile (key derivation); nothing evaluates text.
 */
export const contentSecurityPolicy = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
} as const;

/** Pages may hand text to a script sink only through the wallet's policy, which lets files of its own origin pass. */
export const trustedTypesPolicy = {
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: ['default'],
} as const;

export function securityHeaders({ devnetUrl }: { readonly devnetUrl: string | undefined }): RequestHandler {
  const connectSrc = [...contentSecurityPolicy.connectSrc, ...(devnetUrl === undefined ? [] : [devnetUrl])];
  const headersWith = (more: Readonly<Record<string, readonly string[]>>) =>
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: { ...contentSecurityPolicy, connectSrc, ...more } },
      referrerPolicy: { policy: 'no-referrer' },
    });
  const forPages = headersWith(trustedTypesPolicy);
  // A worker lives under the policy of its own file, and a service worker loads its parts by name.
  const forScripts = headersWith({});
  return (request, response, next) => {
    const headers = extname(request.path) === '.js' ? forScripts : forPages;
    headers(request, response, next);
  };
}
