import type { Hash, Network } from '@fastpay/protocol';
import type { ChainHead } from '@fastpay/rpc';
import type { Validator } from '@fastpay/validator';
import type { Witness } from '../evidence/witness.ts';
import type { Identity } from '../keys/identity.ts';
import type { AccountLimit } from '../limits/account-limit.ts';
import type { SyncLimit } from '../limits/sync-limit.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { QuorumHub } from './quorum-hub.ts';

/** What the methods of the service work on. */
export interface ServiceDependencies {
  readonly validator: Validator;
  readonly network: Network;
  /** `domainSeparator(network.domain)`, computed once. */
  readonly separator: Hash;
  readonly identity: Identity;
  readonly accountLimit: AccountLimit;
  readonly syncLimit: SyncLimit;
  readonly hub: QuorumHub;
  /** Told of every signed message that passed the validator's checks. */
  readonly witness: Witness;
  readonly metrics: Pick<Metrics, 'streamOverflows'>;
  readonly chain: ChainView;
  readonly clock: Clock;
  readonly version: string;
}

export interface Clock {
  /** Unix milliseconds. */
  unixMs(): number;
  /** Milliseconds of a monotonic clock. */
  monotonicMs(): number;
}

/** What the service needs to know from the chain watcher. */
export interface ChainView {
  /** As the node last reported it; undefined before the first look. */
  head(): ChainHead | undefined;
  /** Why no vote may be given now, if so: the node is on another chain than this store. */
  foreignReason(): string | undefined;
}
