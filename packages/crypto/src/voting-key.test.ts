import { hashFromBytes } from '@fastpay/protocol';
import { describe, expect, it } from 'vitest';
import { createVerificationContext } from './context.ts';
import { createPortableEngine } from './portable-engine.ts';
import { ed25519Cases } from './testing/ed25519-cases.fixtures.ts';
import { createTestNetwork } from './testing/network.fixtures.ts';
import { assertValidVotingKeys } from './voting-key.ts';

const { network } = createTestNetwork();
const hostile = ed25519Cases().filter(({ name }) => /(?:small-order|mixed-order) key|key with y = p/.test(name));

describe('the registration of a committee', () => {
  it('takes the keys that signers have', () => {
    expect(() => assertValidVotingKeys(network.committee)).not.toThrow();
  });

  it.each(hostile)('refuses a member with a $name, and so does every check of signatures', ({ publicKey }) => {
    const [first, ...others] = network.committee.members;
    if (!first) throw new Error('there is no member');
    const members = [{ ...first, votingKey: hashFromBytes(publicKey) }, ...others];
    const committee = { ...network.committee, members };
    const refusal = expect.objectContaining({
      code: 'INVALID_FORMAT',
      message: expect.stringContaining(`the voting key of ${first.name}`),
    });
    expect(() => assertValidVotingKeys(committee)).toThrow(refusal);
    expect(() => createVerificationContext({ ...network, committee }, createPortableEngine())).toThrow(refusal);
  });
});
