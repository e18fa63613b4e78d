import { createNodeEngine, createNodeSecp256k1Signer } from '@fastpay/crypto/node';
import { batchAttestationDigest, type Committee, unsignedBytes, ZERO_HASH } from '@fastpay/protocol';
import { expect, it } from 'vitest';
import { type Attestor, collectAttestation } from './attestation.ts';
import { outboxItem } from './testing.fixtures.ts';

const signers = [1, 2, 3, 4].map((key) => createNodeSecp256k1Signer(unsignedBytes(key, 32)));
const committee: Committee = {
  epoch: 0n,
  members: signers.map(({ address }, index) => ({
    name: `validator ${index}`,
    votingKey: ZERO_HASH,
    settlementAddress: address,
    stake: 1n,
  })),
};
const { certificate } = outboxItem(1, { from: 'alice', to: 'bob', sequence: 0 });

function attestor(signer: number, { key = signer, fails = false, claims = signer } = {}): Attestor {
  return {
    signer,
    async attest(_certificates, entries) {
      if (fails) throw new Error('away');
      const digest = batchAttestationDigest({ separator: ZERO_HASH, epoch: 0n }, entries);
      return { signer: claims, signature: (await signers[key]?.sign(digest)) ?? new Uint8Array(65) };
    },
  };
}

async function collect(attestors: readonly Attestor[]) {
  const refused: number[] = [];
  const attestation = await collectAttestation([certificate], {
    committee,
    separator: ZERO_HASH,
    engine: createNodeEngine(),
    attestors,
    onRefusal: (signer) => refused.push(signer),
  });
  return { signers: attestation?.map(({ signer }) => signer), refused };
}

it('takes as many signatures as a quorum needs, in the order of the committee', async () => {
  expect(await collect([3, 1, 0, 2].map((signer) => attestor(signer)))).toEqual({ signers: [0, 1, 3], refused: [] });
});

it('does without a validator that is away, and without one that hangs', async () => {
  const hanging: Attestor = { signer: 1, attest: () => new Promise(() => undefined) };
  expect(await collect([attestor(0), hanging, attestor(2), attestor(3)])).toEqual({
    signers: [0, 2, 3],
    refused: [],
  });
  expect((await collect([attestor(0), attestor(1, { fails: true }), attestor(2), attestor(3)])).signers).toEqual([
    0, 2, 3,
  ]);
});

it('has none when too few answer', async () => {
  expect(await collect([attestor(0), attestor(1, { fails: true }), attestor(2), attestor(3, { fails: true })])).toEqual(
    {
      signers: undefined,
      refused: [1, 3],
    },
  );
});

it.each([
  ['with another key', { key: 2 }],
  ["in another's name", { claims: 2, key: 2 }],
])('takes no signature made %s', async (_, fault) => {
  const { signers: taken, refused } = await collect([attestor(0), attestor(1, fault), attestor(3)]);
  expect(taken).toBeUndefined();
  expect(refused).toEqual([1]);
});
