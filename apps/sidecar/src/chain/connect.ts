import type { Network } from '@fastpay/protocol';
import type { Validator } from '@fastpay/validator';
import type { SidecarConfig } from '../config/schema.ts';
import type { Identity } from '../keys/identity.ts';
import type { Log } from '../observe/log.ts';
import type { Fatal } from '../process/fatal.ts';
import type { ChainConnection } from './connection.ts';
import { connectToTempo } from './tempo-connection.ts';

export interface ConnectionDependencies {
  readonly network: Network;
  readonly identity: Identity;
  readonly validator: Pick<Validator, 'finalized'>;
  readonly log: Log;
  readonly fatal: Fatal;
  readonly unixMs: () => number;
}

/**
 * The chain that the configuration asks for. A simulated one is loaded only then.
 * @throws ConfigError when a simulated chain cannot be had.
 */
export async function connectToChain(
  config: Pick<SidecarConfig, 'chain' | 'dataDirectory'>,
  dependencies: ConnectionDependencies,
): Promise<ChainConnection> {
  if (config.chain.mode === 'tempo') return connectToTempo(config, dependencies);
  const { openSimulatedChain } = await import('./simulated/open.ts');
  return await openSimulatedChain(config, dependencies);
}
