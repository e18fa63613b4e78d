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
import { ethCall } from '../eth-call.ts';
import { depositFor, type Funding, fundAccounts } from '../fund.ts';
import { createJsonRpc, type JsonRpc } from '../json-rpc.ts';
import { devAccount } from '../node/dev-account.ts';
import { startTempoNode, type TempoNode, type TempoNodeOptions } from '../node/start-tempo-node.ts';
import type { Receipt } from '../receipt.ts';
import { type Outcome, outcomesIn } from '../reserve-events.ts';
import { sendCalls } from '../send-calls.ts';
import { outcomesOf, type SettleResult, settle, settleAttested } from '../settle.ts';
import { accountsOf, packBatch, packEntry } from '../settle-batch.ts';
import { batchEntries, settleCalldata } from '../settle-calldata.ts';
import { createTempoChain } from '../tempo-chain.ts';
import { tokenBalance } from '../tip20.ts';
import type { TempoCall } from '../transaction.ts';
import {
  attest,
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
  /** The same by an attestation of committee members, 0, 1, 2 unless given. */
  settleAttested(certificates: readonly CommitCertificate[], options?: AttestOptions): Promise<SettleResult>;
  /** Settles certificates as they are, however broken. */
  settleUnchecked(certificates: readonly CommitCertificate[], asset?: Address): Promise<SettleResult>;
  /** Settles a batch as it is. */
  settleBytes(batch: Uint8Array, count: number): Promise<SettleResult>;
  /** What `settleBytes` would answer, without doing it. */
  preview(batch: Uint8Array): Promise<readonly Outcome[]>;
  /** Any calls by anyone. */
  send(signer: PayerSigner, calls: readonly TempoCall[], gas?: bigint): Promise<Receipt>;
  balance(owner: Address, asset?: Address): Promise<bigint>;
  tokens(owner: Address, asset?: Address): Promise<bigint>;
  stop(): Promise<void>;
}

export interface LabOptions {
  readonly node?: TempoNodeOptions;
  readonly committee?: TestCommittee;
  /** A week unless given. */
  readonly exitDelaySeconds?: bigint;
}

export interface AttestOptions {
  readonly signers?: readonly number[];
  readonly committee?: TestCommittee;
  readonly gas?: bigint;
}

const ENOUGH_GAS = 100_000_000n;
/** Blocks come fast here. */
const wait = { pollMs: 10 };
const WEEK_SECONDS = 604_800n;

export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const committee = options.committee ?? createTestCommittee();
  const node = await startTempoNode({ blockTimeSeconds: 0.05, ...options.node });
  try {
    const { rpcUrl } = node;
    const treasury = devAccount(0);
    const settler = devAccount(1);
    const deployed = await deployReserve({
      rpcUrl,
      signer: treasury,
      committee: committee.committee,
      exitDelaySeconds: options.exitDelaySeconds ?? WEEK_SECONDS,
    });
    const { domain, address: reserve } = deployed;
    const rpc = createJsonRpc({ url: rpcUrl });
    const chain = createTempoChain({ rpcUrl, reserve });
    async function settleBytes(batch: Uint8Array, count: number): Promise<SettleResult> {
      const options = { feeToken: PATH_USD, gas: ENOUGH_GAS, wait };
      const receipt = await sendCalls([{ to: reserve, data: settleCalldata(batch) }], options, {
        rpc,
        signer: settler,
      });
      return { receipt, outcomes: outcomesOf(receipt, reserve, count) };
    }
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
        await fundAccounts({ rpcUrl, signer: treasury, asset, feeToken: PATH_USD, fundings, wait });
      },
      async deposit(fundings, asset = PATH_USD) {
        await depositFor({ rpcUrl, signer: treasury, asset, feeToken: PATH_USD, reserve, fundings, wait });
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
          wait,
          ...(gas === undefined ? {} : { gas }),
        }),
      async settleAttested(certificates, { signers, committee: attesting = committee, gas } = {}) {
        const attestation = await attest(batchEntries(certificates), { domain, committee: attesting, signers });
        return settleAttested({
          rpcUrl,
          reserve,
          signer: settler,
          certificates,
          attestation,
          committee: attesting.committee,
          feeToken: PATH_USD,
          wait,
          ...(gas === undefined ? {} : { gas }),
        });
      },
      settleUnchecked(certificates, asset = PATH_USD) {
        const accounts = accountsOf(certificates);
        const entries = certificates.map((each) => packEntry(each, accounts));
        const batch = packBatch({ asset, committee: committee.committee, accounts, entries });
        return settleBytes(batch, certificates.length);
      },
      settleBytes,
      async preview(batch) {
        const gas = `0x${ENOUGH_GAS.toString(16)}` as const;
        const result = await ethCall(
          rpc,
          { from: settler.address, to: reserve, data: settleCalldata(batch), gas },
          'outcomes',
        );
        return outcomesIn(PATH_USD, result);
      },
      send: (signer, calls, gas = ENOUGH_GAS) => sendCalls(calls, { feeToken: PATH_USD, gas, wait }, { rpc, signer }),
      balance: async (owner, asset = PATH_USD) => (await chain.accountOnChain({ owner, asset })).balance,
      tokens: (owner, asset = PATH_USD) => tokenBalance(rpc, asset, owner),
      stop: () => node.stop(),
    };
  } catch (error) {
    await node.stop();
    throw error;
  }
}
