import type { VerificationContext } from '@fastpay/crypto';
import { type AccountId, type Address, type Network, RejectError } from '@fastpay/protocol';
import { networkId } from './network-id.ts';
import type { Clock } from './ports/clock.ts';
import type { SigningLocks } from './ports/locks.ts';
import type { RandomBytes } from './ports/random.ts';
import type { ClientStore } from './store/client-store.ts';
import type { Transport } from './transport.ts';

/** What every operation of a client works with: one owner on one pinned network, and the ports. */
export interface ClientCore {
  readonly owner: Address;
  readonly network: Network;
  readonly context: VerificationContext;
  readonly store: ClientStore;
  readonly transport: Transport;
  readonly locks: SigningLocks;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Assets of which this process has read the owner's account from a quorum, with the next slot at that time. */
  readonly quorumReads: Map<Address, bigint>;
}

/** @throws RejectError NOT_PAYMENT unless the network lists the asset. */
export function accountOf(core: ClientCore, asset: Address): AccountId {
  if (!core.network.assets.some((listed) => listed.address === asset)) {
    throw new RejectError('NOT_PAYMENT', 'this network does not have that asset');
  }
  return { owner: core.owner, asset };
}

/** One signer at a time for one account of one network, over all tabs. */
export function lockName(core: ClientCore, account: AccountId): string {
  return `fastpay/sign/${networkId(core.network)}/${account.owner}/${account.asset}`;
}
