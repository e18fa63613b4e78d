import { join } from 'node:path';
import type { SidecarConfig } from '../../config/schema.ts';
import type { ConnectionDependencies } from '../connect.ts';
import type { ChainConnection } from '../connection.ts';
import { createClockedChain } from './clocked-chain.ts';
import { readGenesis } from './genesis.ts';
import { openJournal } from './journal.ts';
import { createSignatureChecks } from './signatures.ts';
import { createTicker } from './ticker.ts';

/**
 * A chain inside this process, in the place of a Tempo node: to try a committee out and to show it.
 * @throws ConfigError for a manifest that is not a devnet's, and when the chain is not the one that the store has seen.
 */
export async function openSimulatedChain(
  { chain: { simulated: options }, dataDirectory }: Pick<SidecarConfig, 'chain' | 'dataDirectory'>,
  { network, identity, validator, log, fatal, unixMs }: ConnectionDependencies,
): Promise<ChainConnection> {
  const genesis = readGenesis(options, { network, nowMs: unixMs() });
  const opened = await openJournal({
    file: join(dataDirectory, 'simulated-chain.journal'),
    digest: genesis.digest,
    mayBeMade: validator.finalized() === undefined,
  });
  const clocked = await createClockedChain({ genesis, network }, { opened, unixMs, ...createSignatureChecks(network) });
  await clocked.makeDueBlocks();
  log.warn(
    {
      genesis: new Date(genesis.startMs).toISOString(),
      blockTimeMs: genesis.blockTimeMs,
      deposits: genesis.deposits.length,
      digest: genesis.digest,
    },
    'SIMULATED CHAIN: no node, no network, no tokens; nothing is settled for real, whatever stage a payment reaches',
  );
  const ticker = createTicker(clocked, { unixMs, fatal });
  ticker.start();
  return {
    chain: clocked.chain,
    writer: clocked.writer(identity.member.settlementAddress),
    isSimulated: true,
    async stop() {
      await ticker.stop();
      await opened.journal.close();
    },
  };
}
