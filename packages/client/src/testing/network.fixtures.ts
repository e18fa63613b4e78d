import { createSecp256k1Signer, createVotingSigner, type Secp256k1Signer, type VotingSigner } from '@fastpay/crypto';
import { bytesOf, type Network, PATH_USD, toAddress } from '@fastpay/protocol';
import { sampleHash } from './samples.fixtures.ts';

/** A committee with its keys. Every seed gives another network. */
export interface TestNetwork {
  readonly network: Network;
  readonly votingSigners: readonly VotingSigner[];
  readonly settlementSigners: readonly Secp256k1Signer[];
}

const names = ['Dave', 'Edgar', 'Frank', 'Grace', 'Heidi', 'Ivan', 'Judy'];

export function createTestNetwork(
  options: { readonly seed?: string; readonly stakes?: readonly bigint[] } = {},
): TestNetwork {
  const { seed = 'test', stakes = [1n, 1n, 1n, 1n] } = options;
  const key = (name: string) => bytesOf(sampleHash(`${seed}/${name}`));
  const members = stakes.map((stake, index) => ({ stake, name: names[index] ?? `Validator ${index}` }));
  const votingSigners = members.map(({ name }) => createVotingSigner(key(`${name}/voting`)));
  const settlementSigners = members.map(({ name }) => createSecp256k1Signer(key(`${name}/settlement`)));
  return {
    votingSigners,
    settlementSigners,
    network: {
      name: seed,
      kind: 'devnet',
      domain: { chainId: 31_337n, reserve: toAddress(`0x${'5e'.repeat(20)}`), salt: sampleHash(`${seed}/salt`) },
      committee: {
        epoch: 0n,
        members: members.map(({ name, stake }, index) => ({
          name,
          stake,
          votingKey: votingSigners[index]?.publicKey ?? sampleHash('none'),
          settlementAddress: settlementSigners[index]?.address ?? toAddress(`0x${'00'.repeat(20)}`),
        })),
      },
      assets: [{ address: PATH_USD, symbol: 'USD', name: 'pathUSD' }],
      fees: { minimum: 2_000n, newRecipientSurcharge: 6_000n },
      exitDelaySeconds: 604_800n,
    },
  };
}

/** The key of a person in tests; not a demo account. */
export function testAccount(name: string): Secp256k1Signer {
  return createSecp256k1Signer(bytesOf(sampleHash(`account/${name}`)));
}
