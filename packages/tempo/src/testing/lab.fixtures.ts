import type { PayerSigner } from '@fastpay/crypto';
import {
  type Address,
  type CommitCertificate,
  type Domain,
  PATH_USD,
  type PaymentOrder,
  type Slot,
} from '@fastpay/protocol';
import type { TempoChain } from '../chain.ts';
import { deployReserve } from '../deploy.ts';
import { depositFor, type Funding, fundAccounts } from '../fund.ts';
import { createJsonRpc, type JsonRpc } from '../json-rpc.ts';
import { devAccount } from '../node/dev-account.ts';
import { startTempoNode, type TempoNode, type TempoNodeOptions } from '../node/start-tempo-node.ts';
import { type SettleResult, settle } from '../settle.ts';
import { createTempoChain } from '../tempo-chain.ts';
import { tokenBalance } from '../tip20.ts';
import {
  type CertifyOptions,
  certify,
  certifySkip,
  createTestCommittee,
  type TestCommittee,
} from './committee.fixtures.ts';

/** A node of its own with a reserve on it, and the few deeds that tests of the reserve consist of. */
export interface Lab {
  readonly node: TempoNode;
  readonly rpc: JsonRpc;
  readonly chain: TempoChain;
  readonly reserve: Address;
  readonly domain: Domain;
  readonly committee: TestCommittee;
  readonly deployHeight: bigint;
  /** Owns all tokens and pays for deployment, funding and deposits. */
  readonly treasury: PayerSigner;
  /** Pays for settlements and earns their fees. */
  readonly settler: PayerSigner;
  fund(fundings: readonly Funding[], asset?: Address): Promise<void>;
  deposit(fundings: readonly Funding[], asset?: Address): Promise<void>;
  certify(order: PaymentOrder, payer: PayerSigner, options?: Partial<CertifyOptions>): Promise<CommitCertificate>;
  certifySkip(slot: Slot, options?: Partial<CertifyOptions>): Promise<CommitCertificate>;
  settle(certificates: readonly CommitCertificate[], gas?: bigint): Promise<SettleResult>;
  balance(owner: Address, asset?: Address): Promise<bigint>;
  tokens(owner: Address, asset?: Address): Promise<bigint>;
  stop(): Promise<void>;
}

export interface LabOptions {
  readonly node?: TempoNodeOptions;
  readonly committee?: TestCommittee;
}

const EXIT_DELAY_SECONDS = 604_800n;

export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const committee = options.committee ?? createTestCommittee();
  const node = await startTempoNode({ blockTimeSeconds: 0.1, ...options.node });
  try {
    const { rpcUrl } = node;
    const treasury = devAccount(0);
    const settler = devAccount(1);
    const deployed = await deployReserve({
      rpcUrl,
      signer: treasury,
      committee: committee.committee,
      exitDelaySeconds: EXIT_DELAY_SECONDS,
    });
    const { domain, address: reserve } = deployed;
    const rpc = createJsonRpc({ url: rpcUrl });
    const chain = createTempoChain({ rpcUrl, reserve });
    return {
      node,
      rpc,
      chain,
      reserve,
      domain,
      committee,
      deployHeight: deployed.blockHeight,
      treasury,
      settler,
      async fund(fundings, asset = PATH_USD) {
        await fundAccounts({ rpcUrl, signer: treasury, asset, fundings });
      },
      async deposit(fundings, asset = PATH_USD) {
        await depositFor({ rpcUrl, signer: treasury, asset, reserve, fundings });
      },
      certify: (order, payer, certifyOptions) => certify(order, payer, { domain, committee, ...certifyOptions }),
      certifySkip: (slot, certifyOptions) => certifySkip(slot, { domain, committee, ...certifyOptions }),
      settle: (certificates, gas) =>
        settle({
          rpcUrl,
          reserve,
          signer: settler,
          certificates,
          committee: committee.committee,
          feeToken: PATH_USD,
          ...(gas === undefined ? {} : { gas }),
        }),
      balance: async (owner, asset = PATH_USD) => (await chain.accountOnChain({ owner, asset })).balance,
      tokens: (owner, asset = PATH_USD) => tokenBalance(rpc, asset, owner),
      stop: () => node.stop(),
    };
  } catch (error) {
    await node.stop();
    throw error;
  }
}
