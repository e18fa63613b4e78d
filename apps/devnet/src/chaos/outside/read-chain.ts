import { type Address, type CommitCertificate, type Network, OrderKind } from '@fastpay/protocol';
import { createJsonRpc, createTempoChain, type TempoChain, tokenBalance } from '@fastpay/tempo';
import type { ChainFindings } from './findings.ts';

/** The contract and the token as the Tempo node has them. */
export interface ChainReader {
  /** Whose accounts are read. */
  readonly asset: Address;
  readonly chain: TempoChain;
  /** Everything since the reserve was deployed. */
  history(): Promise<Pick<ChainFindings, 'deposits' | 'settled' | 'exits'>>;
  findings(owners: readonly Address[], certificates: readonly CommitCertificate[]): Promise<ChainFindings>;
}

export function createChainReader(options: {
  readonly rpcUrl: string;
  readonly network: Network;
  readonly asset: Address;
}): ChainReader {
  const { rpcUrl, network, asset } = options;
  const { reserve } = network.domain;
  const chain = createTempoChain({ rpcUrl, reserve });
  const rpc = createJsonRpc({ url: rpcUrl });

  async function history() {
    const [{ deploymentHeight: from }, { latest }] = await Promise.all([chain.reserveInfo(), chain.head()]);
    const [deposits, settlements, exits] = await Promise.all([
      chain.deposits(from, latest.height),
      chain.settlements(from, latest.height),
      chain.exits(from, latest.height),
    ]);
    return {
      deposits,
      settled: settlements.map(({ value }) => value),
      exits: exits.flatMap((exit) => (exit.type === 'executed' ? [exit] : [])),
    };
  }

  return {
    asset,
    chain,
    history,
    async findings(owners, certificates) {
      const accounts = new Map<Address, { readonly balance: bigint; readonly owed: bigint }>();
      for (const owner of owners) accounts.set(owner, await chain.accountOnChain({ owner, asset }));
      const tokens = new Map<Address, bigint>();
      for (const { signedOrder } of certificates) {
        if (signedOrder?.order.kind !== OrderKind.withdraw) continue;
        const { recipient } = signedOrder.order;
        tokens.set(recipient, await tokenBalance(rpc, asset, recipient));
      }
      return { ...(await history()), accounts, tokens, reserveTokens: await tokenBalance(rpc, asset, reserve) };
    },
  };
}
