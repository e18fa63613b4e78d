import { type Committee, type Domain, domainSeparator, type Hash, type Network } from '@fastpay/protocol';
import { type BoundedCache, createBoundedCache } from './bounded-cache.ts';
import type { CryptoEngine } from './engine.ts';
import { cryptoLimits } from './limits.ts';

/** Everything that a check of a signed message needs: who may sign, over which domain, with which engine. */
export interface VerificationContext {
  readonly engine: CryptoEngine;
  readonly committee: Committee;
  readonly domain: Domain;
  /** `domainSeparator(domain)`, computed once. */
  readonly separator: Hash;
  /** Exact (key, message, signature) triples that passed before: a signature that comes again costs no curve work. */
  readonly verified: BoundedCache<string, true>;
}

export function createVerificationContext(network: Network, engine: CryptoEngine): VerificationContext {
  return {
    engine,
    committee: network.committee,
    domain: network.domain,
    separator: domainSeparator(network.domain),
    verified: createBoundedCache(cryptoLimits.verifiedSignatures),
  };
}
