import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * What the wallet's pages may load and whom they may call: their own origin, and a devnet's control when there is one.
 * `wasm-unsafe-eval` lets WebAssembly compile (key derivation); nothing evaluates text.
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

export function securityHeaders({ devnetUrl }: { readonly devnetUrl: string | undefined }): RequestHandler {
  const connectSrc = [...contentSecurityPolicy.connectSrc, ...(devnetUrl === undefined ? [] : [devnetUrl])];
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { ...contentSecurityPolicy, connectSrc } },
    referrerPolicy: { policy: 'no-referrer' },
  });
}
