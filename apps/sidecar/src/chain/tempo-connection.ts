import { type Network, PATH_USD } from '@fastpay/protocol';
import { createJsonRpc, createTempoChain, createTempoReserveWriter } from '@fastpay/tempo';
import { createHttpPost } from '@fastpay/tempo/http';
import type { SidecarConfig } from '../config/schema.ts';
import type { Identity } from '../keys/identity.ts';
import type { ChainConnection } from './connection.ts';

/** The reserve on a Tempo node's chain; nothing is asked of the node yet. */
export function connectToTempo(
  { chain: { rpcUrl, timeoutMs } }: Pick<SidecarConfig, 'chain'>,
  { network, identity }: { readonly network: Network; readonly identity: Identity },
): ChainConnection {
  const { committee, domain, assets } = network;
  const rpc = createJsonRpc({ url: rpcUrl, timeoutMs }, { post: createHttpPost(rpcUrl) });
  return {
    chain: createTempoChain({ rpcUrl, reserve: domain.reserve }, { rpc }),
    writer: createTempoReserveWriter(
      { domain, committee, feeToken: assets[0]?.address ?? PATH_USD },
      { rpc, signer: identity.settlementSigner },
    ),
    isSimulated: false,
    stop: async () => undefined,
  };
}
