import { tempo, tempoModerato } from 'viem/chains';
import { expect, it } from 'vitest';
import { networkKindOf, tempoNetworks } from './networks.ts';

it('agrees with what the ecosystem publishes about the public networks', () => {
  for (const [own, published] of [
    [tempoNetworks.mainnet, tempo],
    [tempoNetworks.testnet, tempoModerato],
  ] as const) {
    expect(own.chainId).toBe(BigInt(published.id));
    expect([own.rpcUrl]).toEqual(published.rpcUrls.default.http);
    expect([own.webSocketUrl]).toEqual(published.rpcUrls.default.webSocket);
    expect(networkKindOf(own.chainId)).toBe(own.kind);
  }
});

it('takes a chain that nobody knows for a development chain', () => {
  expect(networkKindOf(31_337n)).toBe('devnet');
  expect(networkKindOf(1_337n)).toBe('devnet');
});
