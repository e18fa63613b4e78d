import { type AssetInfo, type Network, PATH_USD } from '@fastpay/protocol';

/**
 * The Tempo networks that FastPay knows how to reach: the one place for chain ids, public endpoints and tokens. A
 * FastPay network is more than that, since its reserve and committee are its own: they stand in its manifest.
 */
export interface TempoNetwork {
  readonly kind: Network['kind'];
  readonly name: string;
  readonly chainId: bigint;
  /** Public JSON-RPC. A validator should ask a node of its own. */
  readonly rpcUrl: string;
  readonly webSocketUrl: string;
  /** Tokens with six decimals that exist there from the first block on. */
  readonly tokens: readonly AssetInfo[];
}

const pathUsd: AssetInfo = { address: PATH_USD, symbol: 'USD', name: 'pathUSD' };

export const tempoNetworks: Readonly<Record<Network['kind'], TempoNetwork>> = {
  devnet: {
    kind: 'devnet',
    name: 'Tempo on this machine',
    chainId: 31_337n,
    rpcUrl: 'http://127.0.0.1:8545',
    webSocketUrl: 'ws://127.0.0.1:8545',
    tokens: [pathUsd],
  },
  testnet: {
    kind: 'testnet',
    name: 'Tempo Testnet (Moderato)',
    chainId: 42_431n,
    rpcUrl: 'https://rpc.moderato.tempo.xyz',
    webSocketUrl: 'wss://rpc.moderato.tempo.xyz',
    tokens: [pathUsd],
  },
  mainnet: {
    kind: 'mainnet',
    name: 'Tempo Mainnet',
    chainId: 4_217n,
    rpcUrl: 'https://rpc.tempo.xyz',
    webSocketUrl: 'wss://rpc.tempo.xyz',
    tokens: [pathUsd],
  },
};

/** The kind of network that a chain id belongs to; a chain that nobody knows is somebody's development chain. */
export function networkKindOf(chainId: bigint): Network['kind'] {
  if (chainId === tempoNetworks.mainnet.chainId) return 'mainnet';
  return chainId === tempoNetworks.testnet.chainId ? 'testnet' : 'devnet';
}
