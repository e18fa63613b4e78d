import { createNodeEngine } from '@fastpay/crypto/node';
import { domainSeparator, type Network } from '@fastpay/protocol';
import type { ChainHead } from '@fastpay/tempo';
import type { Validator } from '@fastpay/validator';
import type { Registry } from 'prom-client';
import type { ChainConnection } from '../chain/connection.ts';
import type { SidecarConfig } from '../config/schema.ts';
import type { Identity } from '../keys/identity.ts';
import type { Log } from '../observe/log.ts';
import type { Peer } from '../peers/peer.ts';
import type { Fatal } from '../process/fatal.ts';
import { type Attestor, collectAttestation } from './attestation.ts';
import { createFeeCollector } from './collect-fees.ts';
import { createSettlerLoop, type SettlerLoop } from './loop.ts';
import { createSettlerMetrics } from './metrics.ts';
import { createPeerAttestor } from './peer-attestor.ts';
import { createSettler } from './settler.ts';

export interface SettlerSurroundings {
  readonly network: Network;
  readonly identity: Identity;
  readonly validator: Validator;
  readonly connection: ChainConnection;
  readonly head: () => ChainHead | undefined;
  readonly peers: readonly Peer[];
  readonly stopped: AbortSignal;
  readonly registry: Registry;
  readonly log: Log;
  readonly fatal: Fatal;
  readonly unixMs: () => number;
}

/** The settler of one sidecar: its settlement key on its chain, and the committee to attest. */
export function wireSettler(
  { settlement: { intervalMs } }: SidecarConfig,
  surroundings: SettlerSurroundings,
): SettlerLoop {
  const { network, identity, validator, connection, head, peers, stopped, registry, log, fatal, unixMs } = surroundings;
  const { committee, domain } = network;
  const { chain, writer, isSimulated } = connection;
  const assets = network.assets.map(({ address }) => address);
  const metrics = createSettlerMetrics(registry);
  const own: Attestor = { signer: identity.signer, attest: (_, entries) => validator.attest(entries) };
  const others = peers.map((peer) => createPeerAttestor(peer, { epoch: committee.epoch, stopped }));
  const settler = createSettler(
    {
      signer: identity.signer,
      committee,
      exitDelaySeconds: network.exitDelaySeconds,
      // A simulated chain is this validator's own.
      isAlone: isSimulated,
    },
    {
      validator,
      writer,
      head,
      attest: (certificates) =>
        collectAttestation(certificates, {
          committee,
          separator: domainSeparator(domain),
          engine: createNodeEngine(),
          attestors: [own, ...others],
          onRefusal: () => metrics.refusals.inc(),
        }),
      fees: createFeeCollector({ assets }, { chain, writer }),
      metrics,
      log,
      unixMs,
    },
  );
  return createSettlerLoop({ intervalMs }, { settler, log, fatal });
}
