import { type Committee, type Domain, domainSeparator, type Hash, type Network } from '@fastpay/protocol';
import { type BoundedCache, createBoundedCache } from './bounded-cache.ts';
import type { CryptoEngine } from './engine.ts';
import { cryptoLimits } from './limits.ts';
import { createVerifiedSignatures, type VerifiedSignatures } from './verified-signatures.ts';
import { assertValidVotingKeys } from './voting-key.ts';

/** Everything that a check of a signed message needs: who may sign, over which domain, with which engine. */
export interface VerificationContext {
  readonly engine: CryptoEngine;
  readonly committee: Committee;
  readonly domain: Domain;
  /** `domainSeparator(domain)`, computed once. */
  readonly separator: Hash;
  /** Committee signatures that passed before: one that comes again costs nothing. */
  readonly verifiedSignatures: VerifiedSignatures;
  /** Transaction hashes of orders that passed before, by the bytes of order and payer signature. */
  readonly verifiedOrders: BoundedCache<string, Hash>;
}

/**
 * No path leads around the registration rule of §2: without a context nothing is verified.
 * @throws RejectError INVALID_FORMAT when a voting key is not a canonical point of prime order.
 */
export function createVerificationContext(network: Network, engine: CryptoEngine): VerificationContext {
  assertValidVotingKeys(network.committee);
  return {
    engine,
    committee: network.committee,
    domain: network.domain,
    separator: domainSeparator(network.domain),
    verifiedSignatures: createVerifiedSignatures(cryptoLimits.verifiedSignatures),
    verifiedOrders: createBoundedCache(cryptoLimits.verifiedOrders),
  };
}
