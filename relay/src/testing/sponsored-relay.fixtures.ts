import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PayerSigner, Secp256k1Signer } from '@fastpay/crypto';
import { createNodeSecp256k1Signer } from '@fastpay/crypto/node';
import { type Address, type Domain, type Hex, PATH_USD, unsignedBytes } from '@fastpay/protocol';
import {
  createJsonRpc,
  createTempoChain,
  DEPOSIT_GAS,
  deployReserve,
  depositCalls,
  fundAccounts,
  type JsonRpc,
  latestBlock,
  reserveAccount,
  signTransaction,
  type TempoTransaction,
  tokenBalance,
  transactionCount,
} from '@fastpay/tempo';
import { devAccount, startTempoNode } from '@fastpay/tempo/node';
import type { SponsorConfig } from '../config/schema.ts';
import { createTestNetwork } from './network.fixtures.ts';
import { startTestRelay, type TestRelay } from './relay.fixtures.ts';
import { writeSponsorConfig } from './sponsor-config.fixtures.ts';

/** A real node with a reserve on it, and relays that sponsor deposits into it. */
export interface SponsorLab {
  readonly rpc: JsonRpc;
  readonly domain: Domain;
  /** A new account with this much on Tempo. */
  newPayer(amount?: bigint): Promise<Secp256k1Signer>;
  fund(account: Address, amount: bigint): Promise<void>;
  tokens(owner: Address): Promise<bigint>;
  credited(owner: Address): Promise<bigint>;
  /** A deposit that waits for a fee payer, with the next nonce. */
  signHalf(signer: PayerSigner, changes?: Partial<TempoTransaction>): Promise<Hex>;
  start(options?: SponsorRelayOptions): Promise<SponsoredRelay>;
  stop(): Promise<void>;
}

interface SponsorRelayOptions {
  readonly config?: Partial<SponsorConfig>;
  /** Base units that the sponsor has for gas. */
  readonly funds?: bigint;
  readonly rpc?: JsonRpc;
}

export interface SponsoredRelay extends TestRelay {
  readonly feePayer: Address;
  readonly config: SponsorConfig;
  ask(rawTransaction: Hex): ReturnType<TestRelay['json']>;
  /** By its name without prefix, labels included: `sponsor_refusals_total{reason="gas"}`. */
  metric(name: string): Promise<number>;
}

export const AMOUNT = 1_000_000n;
const MAX_FEE_PER_GAS = 20_000_000_000n;

export async function startSponsorLab(): Promise<SponsorLab> {
  const node = await startTempoNode({ blockTimeSeconds: 0.05 });
  const { rpcUrl } = node;
  const rpc = createJsonRpc({ url: rpcUrl });
  const directory = mkdtempSync(join(tmpdir(), 'fastpay-sponsor-'));
  const treasury = devAccount(0);
  const net = createTestNetwork();
  const { committee } = net.network;
  const { domain } = await deployReserve({ rpcUrl, signer: treasury, committee, exitDelaySeconds: 604_800n });
  const network = { ...net.network, domain };
  let keys = 9_000;

  const lab: SponsorLab = {
    rpc,
    domain,
    async fund(account, amount) {
      await fundAccounts({ rpcUrl, signer: treasury, asset: PATH_USD, fundings: [{ account, amount }] });
    },
    async newPayer(amount = AMOUNT) {
      keys += 1;
      const signer = createNodeSecp256k1Signer(unsignedBytes(keys, 32));
      await lab.fund(signer.address, amount);
      return signer;
    },
    tokens: (owner) => tokenBalance(rpc, PATH_USD, owner),
    credited: async (owner) => (await reserveAccount(rpc, domain.reserve, { owner, asset: PATH_USD })).balance,
    async signHalf(signer, changes = {}) {
      const { timestamp } = await latestBlock(rpc);
      const transaction: TempoTransaction = {
        chainId: domain.chainId,
        calls: depositCalls(domain.reserve, PATH_USD, signer.address, AMOUNT),
        gas: DEPOSIT_GAS,
        maxFeePerGas: MAX_FEE_PER_GAS,
        nonceKey: 0n,
        nonce: await transactionCount(rpc, signer.address),
        feeToken: 'sponsor',
        validBefore: timestamp + 60n,
        ...changes,
      };
      return (await signTransaction(transaction, signer)).rawTransaction;
    },
    async start({ config: changes = {}, funds = 10_000_000n, rpc: node = rpc } = {}) {
      keys += 1;
      const { config, feePayer } = writeSponsorConfig(directory, keys, changes);
      if (funds > 0n) await lab.fund(feePayer, funds);
      const relay = await startTestRelay({
        net: { ...net, network },
        node,
        chain: createTempoChain({ rpcUrl, reserve: domain.reserve }),
        options: { sponsor: config },
      });
      return {
        ...relay,
        feePayer,
        config,
        ask: (rawTransaction) => relay.json('/v1/sponsor', { rawTransaction }),
        async metric(name) {
          const text = await (await fetch(`${relay.url}/metrics`)).text();
          const line = text.split('\n').find((each) => each.startsWith(`fastpay_relay_${name} `));
          return Number(line?.split(' ').at(-1) ?? 0);
        },
      };
    },
    async stop() {
      await node.stop();
      rmSync(directory, { recursive: true });
    },
  };
  return lab;
}
