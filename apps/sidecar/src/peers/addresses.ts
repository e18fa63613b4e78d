import type { Network } from '@fastpay/protocol';
import { ConfigError } from '../config/error.ts';

export interface PeerAddress {
  readonly signer: number;
  readonly name: string;
  readonly url: string;
}

/**
 * Where the other validators are, from entries such as `Edgar=http://10.0.0.2:4701`. This validator's own entry is
 * passed over, so that one list serves the whole committee.
 * @throws ConfigError for a name that is not in the committee, or twice in the list.
 */
export function peerAddresses(entries: readonly string[], network: Network, ownName: string): readonly PeerAddress[] {
  const addresses = entries.map((entry) => {
    const split = entry.indexOf('=');
    const name = entry.slice(0, split);
    const signer = network.committee.members.findIndex((member) => member.name === name);
    if (signer < 0) throw problem(`${name} is no member of the committee`);
    return { signer, name, url: entry.slice(split + 1) };
  });
  if (new Set(addresses.map(({ signer }) => signer)).size !== addresses.length) throw problem('a name comes twice');
  return addresses.filter(({ name }) => name !== ownName);
}

function problem(what: string): ConfigError {
  return new ConfigError([
    { field: 'peers', problem: what, fix: 'list each other member once, as Name=http://host:port' },
  ]);
}
