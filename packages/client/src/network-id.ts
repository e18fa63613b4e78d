import { committeeHash, domainSeparator, type Network } from '@fastpay/protocol';
import { WrongNetworkError } from './errors.ts';
import type { ClientStore, NetworkPin } from './store/client-store.ts';

/**
 * Twelve hex digits that name a network for people and links: the beginning of its EIP-712 domain separator, which
 * a fresh salt makes unlike that of any other network (§3).
 */
export function networkId(network: Pick<Network, 'domain'>): string {
  return shortId(domainSeparator(network.domain));
}

function shortId(separator: string): string {
  return separator.slice(2, 14);
}

/**
 * Ties a store to the network it is first used with.
 * @throws WrongNetworkError when it belongs to another network, or to another committee of this one.
 */
export async function pinNetwork(store: ClientStore, network: Network): Promise<void> {
  const served: NetworkPin = {
    domainSeparator: domainSeparator(network.domain),
    committeeHash: committeeHash(network.committee),
  };
  const pinned = await store.pinNetwork(served);
  if (pinned.domainSeparator === served.domainSeparator && pinned.committeeHash === served.committeeHash) return;
  throw new WrongNetworkError(describe(pinned), describe(served));
}

/** Network and committee, so that two committees of one network read differently. */
function describe(pin: NetworkPin): string {
  return `${shortId(pin.domainSeparator)}/${shortId(pin.committeeHash)}`;
}
