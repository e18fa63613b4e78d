import { createNodeVotingSigner } from '@fastpay/crypto/node';
import { type Committee, toAddress, toHash } from '@fastpay/protocol';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../config/error.ts';
import { checkDeploy, type DeployRequest } from './plan.ts';

function committeeOf(stakes: readonly bigint[]): Committee {
  const members = stakes.map((stake, index) => ({
    name: `Validator ${index}`,
    votingKey: createNodeVotingSigner(new Uint8Array(32).fill(index + 1)).publicKey,
    settlementAddress: toAddress(`0x${(index + 1).toString(16).padStart(40, '0')}`),
    stake,
  }));
  return { epoch: 0n, members };
}

const sound: DeployRequest = {
  kind: 'mainnet',
  committee: committeeOf([1n, 1n, 1n, 1n]),
  exitDelaySeconds: 604_800n,
  allowsMainnet: true,
};

describe('a reserve', () => {
  test('may be deployed for a sound committee', () => {
    expect(checkDeploy(sound)).toEqual([]);
  });

  test('for real money needs somebody to say so', () => {
    expect(() => checkDeploy({ ...sound, allowsMainnet: false })).toThrow('--mainnet yes');
    expect(checkDeploy({ ...sound, kind: 'testnet', allowsMainnet: false })).toEqual([]);
  });

  test('gives an exit time enough, and not for ever', () => {
    for (const exitDelaySeconds of [0n, 86_399n, 90n * 86_400n + 1n]) {
      expect(() => checkDeploy({ ...sound, exitDelaySeconds })).toThrow('--exit-delay');
    }
    expect(checkDeploy({ ...sound, kind: 'devnet', exitDelaySeconds: 20n })).toEqual([]);
  });

  test('for real money has no validator that could break it alone; elsewhere that is said', () => {
    const committee = committeeOf([4n, 1n, 1n, 1n]);
    expect(() => checkDeploy({ ...sound, committee })).toThrow('Validator 0 alone');
    expect(checkDeploy({ ...sound, committee, kind: 'testnet' })).toEqual([expect.stringContaining('Validator 0')]);
  });

  test('takes no voting key that is no point of prime order', () => {
    const [first, ...rest] = sound.committee.members;
    if (!first) throw new Error('no members');
    const small = { ...first, votingKey: toHash(`0x01${'00'.repeat(31)}`) };
    const committee = { ...sound.committee, members: [small, ...rest] };
    expect(() => checkDeploy({ ...sound, committee })).toThrow(ConfigError);
  });
});
