import type { Ports } from '../../ports.ts';
import { VALIDATOR_NAMES } from '../../ports.ts';
import type { Way } from '../plan/fault.ts';
import { type Link, openLink } from './link.ts';

/** Every connection of the network under test goes through one of these. */
export interface Links {
  /** Where wallets find the relay. */
  readonly walletsToRelay: Link;
  relayTo(validator: number): Link;
  /** Undefined from a validator to itself. */
  peer(from: number, to: number): Link | undefined;
  toNode(validator: number): Link;
  /** What a way is made of. */
  along(way: Way): readonly Link[];
  heal(): void;
  close(): Promise<void>;
}

const indices = VALIDATOR_NAMES.map((_, index) => index);

export async function openLinks(ports: Ports): Promise<Links> {
  const walletsToRelay = await openLink(ports.relay);
  const relayTo = await Promise.all(ports.validators.map(openLink));
  const toNode = await Promise.all(indices.map(() => openLink(ports.node)));
  const peers = await Promise.all(
    indices.map((from) => Promise.all(ports.validators.map((port, to) => (to === from ? undefined : openLink(port))))),
  );
  const all = [walletsToRelay, ...relayTo, ...toNode, ...peers.flat()].filter((link) => link !== undefined);

  function between(isInside: (validator: number) => boolean): readonly Link[] {
    return indices.flatMap((from) =>
      indices.flatMap((to) => {
        const link = peers[from]?.[to];
        return link && isInside(from) !== isInside(to) ? [link] : [];
      }),
    );
  }

  function along(way: Way): readonly Link[] {
    switch (way.between) {
      case 'wallets and relay':
        return [walletsToRelay];
      case 'relay and validator':
        return [existing(relayTo[way.validator])];
      case 'validator and Tempo node':
        return [existing(toNode[way.validator])];
      case 'validator and peers':
        return between((validator) => validator === way.validator);
      case 'halves of the committee':
        return between((validator) => way.validators.includes(validator));
    }
  }

  return {
    walletsToRelay,
    relayTo: (validator) => existing(relayTo[validator]),
    peer: (from, to) => peers[from]?.[to],
    toNode: (validator) => existing(toNode[validator]),
    along,
    heal() {
      for (const link of all) link.heal();
    },
    async close() {
      await Promise.all(all.map((link) => link.close()));
    },
  };
}

function existing(link: Link | undefined): Link {
  if (!link) throw new RangeError('there is no such validator');
  return link;
}
