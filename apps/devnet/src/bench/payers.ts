import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  createClient,
  createMemoryStore,
  createProcessLocks,
  createRelayTransport,
} from '@fastpay/client';
import type { CryptoEngine, Secp256k1Signer } from '@fastpay/crypto';
import { createNodeEngine, createNodeSecp256k1Signer } from '@fastpay/crypto/node';
import type { Address } from '@fastpay/protocol';
import { depositFor } from '@fastpay/tempo';
import { devAccount } from '@fastpay/tempo/node';
import { DevnetError } from '../error.ts';
import type { OwnDevnet } from './own-devnet.ts';

/** One wallet of the bench: the real client over the relay, its journal in memory. */
export interface Payer {
  readonly address: Address;
  readonly signer: Secp256k1Signer;
  readonly client: Client;
}

const BENEFACTOR_INDEX = 8;
const DEPOSITS_PER_TRANSACTION = 8;
const FUNDS = 1_000_000_000n;
const CREDIT_TIMEOUT_MS = 60_000;

const engine: CryptoEngine = createNodeEngine();

export function createPayer(devnet: OwnDevnet): Payer {
  const signer = createNodeSecp256k1Signer(new Uint8Array(randomBytes(32)));
  const client = createClient(
    { network: devnet.network, owner: signer.address },
    {
      store: createMemoryStore(),
      transport: createRelayTransport({ baseUrl: devnet.runtime.relayUrl }),
      engine,
      locks: createProcessLocks(),
    },
  );
  return { address: signer.address, signer, client };
}

export function assetOf(devnet: OwnDevnet): Address {
  const [asset] = devnet.network.assets;
  if (!asset) throw new DevnetError('The network has no asset.');
  return asset.address;
}

/** Wallets with deposited money, credited by a quorum. */
export async function createFundedPayers(devnet: OwnDevnet, count: number): Promise<readonly Payer[]> {
  const payers = Array.from({ length: count }, () => createPayer(devnet));
  const asset = assetOf(devnet);
  for (let start = 0; start < count; start += DEPOSITS_PER_TRANSACTION) {
    const fundings = payers
      .slice(start, start + DEPOSITS_PER_TRANSACTION)
      .map(({ address }) => ({ account: address, amount: FUNDS }));
    await depositFor({
      rpcUrl: devnet.runtime.nodeUrl,
      signer: devAccount(BENEFACTOR_INDEX),
      asset,
      reserve: devnet.network.domain.reserve,
      fundings,
    });
  }
  const deadline = performance.now() + CREDIT_TIMEOUT_MS;
  for (const { client } of payers) {
    while ((await client.account(asset)).balance < FUNDS) {
      if (performance.now() > deadline) throw new DevnetError('The deposits were not credited in time.');
      await delay(100);
    }
  }
  return payers;
}
