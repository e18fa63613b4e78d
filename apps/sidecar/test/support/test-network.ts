import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Address, encodeNetwork, type Network, PATH_USD, toAddress, toHash } from '@fastpay/protocol';
import { deployReserve, depositFor, fundAccounts } from '@fastpay/tempo';
import { devAccount, startTempoNode, type TempoNode, type TempoNodeOptions } from '@fastpay/tempo/node';
import { generateKeys } from '../../src/keys/keygen.ts';

export interface TestNetwork {
  readonly network: Network;
  readonly node: TempoNode;
  /** Removed by `stop`. */
  readonly directory: string;
  /** Configuration file of the validator of that name. */
  configFile(name: string): string;
  /** Puts tokens of the development account into the reserve for somebody; resolves when they are in a block. */
  deposit(account: Address, amount: bigint): Promise<void>;
  /** Gives tokens of the development account to every settlement key, for gas. */
  fundSettlers(amount: bigint): Promise<void>;
  stop(): Promise<void>;
}

export interface TestNetworkOptions {
  readonly names: readonly string[];
  readonly blockTimeSeconds?: number;
  /** Of the Tempo node, over `blockTimeSeconds`. */
  readonly node?: TempoNodeOptions;
  /** Merged over the configuration of every validator. */
  readonly config?: Record<string, unknown>;
}

/** A Tempo node with a reserve for a fresh committee, and a directory with keys and configurations for all of it. */
export async function createTestNetwork({
  names,
  blockTimeSeconds = 0.2,
  node: nodeOptions = {},
  config = {},
}: TestNetworkOptions): Promise<TestNetwork> {
  const directory = mkdtempSync(join(tmpdir(), 'fastpay-sidecar-'));
  const node = await startTempoNode({ blockTimeSeconds, ...nodeOptions });
  const { rpcUrl } = node;
  const members = names.map((name) => {
    const half = generateKeys(join(directory, `${name}.keys.json`), { name, stake: '1' });
    return {
      name,
      votingKey: toHash(half.votingKey),
      settlementAddress: toAddress(half.settlementAddress),
      stake: BigInt(half.stake),
    };
  });
  const committee = { epoch: 0n, members };
  const exitDelaySeconds = 604_800n;
  const { domain } = await deployReserve({ rpcUrl, signer: devAccount(0), committee, exitDelaySeconds });
  const network: Network = {
    name: 'test',
    kind: 'devnet',
    domain,
    committee,
    assets: [{ address: PATH_USD, symbol: 'USD', name: 'pathUSD' }],
    fees: { minimum: 2_000n, newRecipientSurcharge: 6_000n },
    exitDelaySeconds,
  };
  writeFileSync(join(directory, 'network.json'), JSON.stringify(encodeNetwork(network)));
  const configFile = (name: string) => join(directory, `${name}.json`);
  for (const name of names) {
    const content = {
      networkFile: 'network.json',
      name,
      listen: { port: 0 },
      dataDirectory: `${name}.store`,
      keyFile: `${name}.keys.json`,
      chain: { rpcUrl, pollIntervalMs: 50 },
      // What a test leaves halfway stays so, however slow the machine is.
      staleLockMs: 3_600_000,
      ...config,
    };
    writeFileSync(configFile(name), JSON.stringify(content));
  }
  return {
    network,
    node,
    directory,
    configFile,
    async deposit(account, amount) {
      const fundings = [{ account, amount }];
      await depositFor({ rpcUrl, signer: devAccount(0), asset: PATH_USD, reserve: domain.reserve, fundings });
    },
    async fundSettlers(amount) {
      const fundings = members.map(({ settlementAddress }) => ({ account: settlementAddress, amount }));
      await fundAccounts({ rpcUrl, signer: devAccount(0), asset: PATH_USD, fundings });
    },
    async stop() {
      await node.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
