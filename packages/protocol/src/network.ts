import type { Address } from './brand.ts';
import type { Committee } from './committee.ts';
import type { Domain } from './domain.ts';

/** A token that the network takes. Version 1: six decimals only. */
export interface AssetInfo {
  readonly address: Address;
  readonly symbol: string;
  readonly name: string;
}

/** Everything that has to be known, and pinned, about one FastPay network. */
export interface Network {
  readonly name: string;
  /** A devnet offers demo accounts and a faucet; everything else refuses them. */
  readonly kind: 'devnet' | 'testnet' | 'mainnet';
  readonly domain: Domain;
  readonly committee: Committee;
  readonly assets: readonly AssetInfo[];
  readonly fees: FeePolicy;
  /** Seconds between requesting and executing an exit. */
  readonly exitDelaySeconds: bigint;
}

/** What a payment costs at least, in base units (§3). */
export interface FeePolicy {
  readonly minimum: bigint;
  /** On top while the recipient is new to the ledger. */
  readonly newRecipientSurcharge: bigint;
}

/** The least fee that a validator with this policy accepts. */
export function requiredFee(policy: FeePolicy, recipient: { readonly isNew: boolean }): bigint {
  return policy.minimum + (recipient.isNew ? policy.newRecipientSurcharge : 0n);
}
