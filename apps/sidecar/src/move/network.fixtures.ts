import { type Network, PATH_USD, toAddress, toHash } from '@fastpay/protocol';
import type { PublicHalf } from '../keys/keygen.ts';

/** A network of one validator with these keys. */
export function networkOf(half: PublicHalf): Network {
  const { name, votingKey, settlementAddress } = half;
  return {
    name: 'test',
    kind: 'devnet',
    domain: { chainId: 1n, reserve: toAddress(`0x${'11'.repeat(20)}`), salt: toHash(`0x${'22'.repeat(32)}`) },
    committee: {
      epoch: 0n,
      members: [{ name, votingKey: toHash(votingKey), settlementAddress: toAddress(settlementAddress), stake: 1n }],
    },
    assets: [{ address: PATH_USD, symbol: 'USD', name: 'pathUSD' }],
    fees: { minimum: 0n, newRecipientSurcharge: 0n },
    exitDelaySeconds: 604_800n,
  };
}
