import { type Committee, type Domain, domainSeparator, type Hash, type Network } from '@fastpay/protocol';
import type { CryptoEngine } from './engine.ts';

/** Everything that a check of a signed message needs: who may sign, over which domain, with which engine. */
export interface VerificationContext {
  readonly engine: CryptoEngine;
  readonly committee: Committee;
  readonly domain: Domain;
  /** `domainSeparator(domain)`, computed once. */
  readonly separator: Hash;
}

export function createVerificationContext(network: Network, engine: CryptoEngine): VerificationContext {
  return { engine, committee: network.committee, domain: network.domain, separator: domainSeparator(network.domain) };
}
