import { assertValidVotingKey, type Secp256k1Signer, type VotingSigner } from '@fastpay/crypto';
import { createNodeSecp256k1Signer, createNodeVotingSigner } from '@fastpay/crypto/node';
import { type CommitteeMember, type Network, RejectError } from '@fastpay/protocol';
import { ConfigError } from '../config/error.ts';
import { type KeyMaterial, readKeyFile } from './key-file.ts';

/** Who this process is in its network. */
export interface Identity {
  /** Index in the committee. */
  readonly signer: number;
  readonly member: CommitteeMember;
  readonly votingSigner: VotingSigner;
  readonly settlementSigner: Secp256k1Signer;
}

/**
 * Finds `name` in the committee and checks that the keys in `keyFile` are that member's.
 * @throws ConfigError otherwise: a validator must never sign under another's name or with other keys.
 */
export function loadIdentity(
  network: Network,
  { name, keyFile }: { readonly name: string; readonly keyFile: string },
): Identity {
  const signer = network.committee.members.findIndex((member) => member.name === name);
  const member = network.committee.members[signer];
  if (!member) {
    const names = network.committee.members.map((each) => each.name).join(', ');
    throw new ConfigError([{ field: 'name', problem: `is no member of the committee (${names})` }]);
  }
  const { votingSigner, settlementSigner } = signersOf(readKeyFile(keyFile), keyFile);
  const differing = [
    votingSigner.publicKey === member.votingKey ? undefined : 'votingSeed',
    settlementSigner.address === member.settlementAddress ? undefined : 'settlementKey',
  ].filter((field) => field !== undefined);
  if (differing.length > 0) {
    throw new ConfigError([
      {
        field: `keyFile ${keyFile}`,
        problem: `${differing.join(' and ')} of the file ${differing.length > 1 ? 'are' : 'is'} not ${name}'s in the network manifest`,
        fix: 'use the key file of this validator, or the manifest of the network that it was made for',
      },
    ]);
  }
  assertUsableVotingKeys(network);
  return { signer, member, votingSigner, settlementSigner };
}

function signersOf({ votingSeed, settlementKey }: KeyMaterial, keyFile: string) {
  try {
    return {
      votingSigner: createNodeVotingSigner(votingSeed),
      settlementSigner: createNodeSecp256k1Signer(settlementKey),
    };
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
    throw new ConfigError([{ field: `keyFile ${keyFile}`, problem: 'settlementKey is no secp256k1 key' }], {
      cause: error,
    });
  }
}

/** §2: no key of the committee may be small-order, mixed-order or non-canonical. */
function assertUsableVotingKeys(network: Network): void {
  for (const member of network.committee.members) {
    try {
      assertValidVotingKey(member.votingKey);
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
      throw new ConfigError([{ field: 'networkFile', problem: `the voting key of ${member.name}: ${error.message}` }], {
        cause: error,
      });
    }
  }
}
