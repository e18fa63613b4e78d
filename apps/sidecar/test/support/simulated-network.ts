import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Address, type Domain, encodeNetwork, type Network, PATH_USD, toAddress, toHash } from '@fastpay/protocol';
import { generateKeys } from '../../src/keys/keygen.ts';
import { freePorts } from './free-port.ts';

/** Of a reserve that was never deployed. */
export const simulatedDomain: Domain = {
  chainId: 31_337n,
  reserve: toAddress(`0x${'fa'.repeat(20)}`),
  salt: toHash(`0x${'5a'.repeat(32)}`),
};

export interface SimulatedNetwork {
  /** Removed by `stop`. */
  readonly directory: string;
  /** Configuration file of the validator of that name. */
  configFile(name: string): string;
  stop(): void;
}

/** A committee that needs no node: keys, a manifest, a deposits file, and configurations of validators that know each other. */
export async function createSimulatedNetwork({
  names,
  deposits,
}: {
  readonly names: readonly string[];
  readonly deposits: readonly { readonly account: Address; readonly amount: bigint }[];
}): Promise<SimulatedNetwork> {
  const directory = mkdtempSync(join(tmpdir(), 'fastpay-simulated-'));
  const write = (file: string, content: unknown) => writeFileSync(join(directory, file), JSON.stringify(content));
  const members = names.map((name) => {
    const half = generateKeys(join(directory, `${name}.keys.json`), { name, stake: '1' });
    return {
      name,
      votingKey: toHash(half.votingKey),
      settlementAddress: toAddress(half.settlementAddress),
      stake: BigInt(half.stake),
    };
  });
  const network: Network = {
    name: 'stage',
    kind: 'devnet',
    domain: simulatedDomain,
    committee: { epoch: 0n, members },
    assets: [{ address: PATH_USD, symbol: 'USD', name: 'pathUSD' }],
    fees: { minimum: 2_000n, newRecipientSurcharge: 6_000n },
    exitDelaySeconds: 604_800n,
  };
  write('network.json', encodeNetwork(network));
  write('deposits.json', {
    genesis: new Date(Date.now() - 5_000).toISOString(),
    deposits: deposits.map(({ account, amount }) => ({ account, asset: PATH_USD, amount: String(amount) })),
  });
  const ports = await freePorts(names.length);
  const configFile = (name: string) => join(directory, `${name}.json`);
  for (const [index, name] of names.entries()) {
    write(`${name}.json`, {
      networkFile: 'network.json',
      name,
      listen: { port: ports[index] },
      dataDirectory: `${name}.store`,
      keyFile: `${name}.keys.json`,
      peers: names.map((each, at) => `${each}=http://127.0.0.1:${ports[at]}`),
      chain: { mode: 'simulated', pollIntervalMs: 50, simulated: { depositsFile: 'deposits.json' } },
      settlement: { intervalMs: 100 },
    });
  }
  return { directory, configFile, stop: () => rmSync(directory, { recursive: true, force: true }) };
}
