import { RejectError, toSequence } from '@fastpay/protocol';
import { describe, expect, test } from 'vitest';
import { handMadeValidator, refusal, silence, unreachable } from '../testing/hand-made-validator.fixtures.ts';
import { alice, bob, createTestNetwork } from '../testing/network.fixtures.ts';
import { collectPromises } from './collect-promises.ts';
import type { ValidatorPort } from './validator-port.ts';

const net = createTestNetwork();
const signedOrder = await net.sign(alice);
const { slot } = net.request(signedOrder);
const newRound = await net.newRound(alice, slot, 3);

/** Everyone is waited for. */
const never = () => new Promise<void>(() => {});

async function run(behaviours: Readonly<Record<number, Partial<ValidatorPort>>>, patience = () => Promise.resolve()) {
  const validators = [0, 1, 2, 3].map((signer) => handMadeValidator(net, signer, behaviours[signer]));
  const misbehaviour: number[] = [];
  const collected = await collectPromises(
    { newRound, attachments: [] },
    {
      context: net.context,
      validators,
      supply: () => Promise.resolve([]),
      grace: never,
      patience,
      onMisbehaviour: (signer) => misbehaviour.push(signer),
    },
    new AbortController().signal,
  );
  const signers = collected.promises.map(({ promise }) => promise.signature.signer);
  return { collected, signers, misbehaviour, validators };
}

const answering = (proven: ReturnType<typeof net.promise>): Partial<ValidatorPort> => ({
  openRound: async () => ({ type: 'promise', proven: await proven }),
});

describe('promises', () => {
  test('are answered once a quorum promised and the others had a moment', async () => {
    const { signers, collected } = await run({ 1: { openRound: silence } });
    expect(signers).toEqual([0, 2, 3]);
    expect(collected.failures).toEqual([]);
  });

  test('come from everyone who is not much slower', async () => {
    expect((await run({}, never)).signers).toEqual([0, 1, 2, 3]);
  });

  test('carry the certificates of their locks', async () => {
    const lockCertificate = await net.quorumCertificate(signedOrder, [0, 1, 2]);
    const { collected } = await run({ 0: answering(net.promise(0, newRound, lockCertificate)) }, never);
    expect(collected.promises[0]).toMatchObject({ lockCertificate: { value: lockCertificate.value } });
  });

  test('of less than a quorum come with what the others said', async () => {
    const stale = refusal(new RejectError('STALE_ROUND', 'promised 7', { promisedRound: 7 }));
    const { signers, collected } = await run({ 0: { openRound: stale }, 2: { openRound: unreachable } });
    expect(signers).toEqual([1, 3]);
    expect(collected.failures.map(({ signer, reject }) => [signer, reject.code])).toEqual([
      [0, 'STALE_ROUND'],
      [2, 'TEMPORARILY_UNAVAILABLE'],
    ]);
  });

  test('of a slot that is resolved are not needed: its certificate is the answer', async () => {
    const certificate = await net.commitCertificate(signedOrder, [0, 1, 2]);
    const resolved: Partial<ValidatorPort> = { openRound: () => Promise.resolve({ type: 'resolved', certificate }) };
    const { collected } = await run({ 3: resolved, 0: { openRound: silence }, 1: { openRound: silence } });
    expect(collected).toEqual({ promises: [], failures: [], certificate });
  });
});

describe('what does not verify is as if it had not come, and is counted', () => {
  const lock = net.quorumCertificate(signedOrder, [0, 1, 2]);
  const lies: readonly (readonly [string, () => Promise<Partial<ValidatorPort>>])[] = [
    [
      'a forged promise',
      async () => {
        const { promise } = await net.promise(3, newRound);
        const signature = promise.signature.signature.map((byte, index) => (index === 5 ? byte ^ 1 : byte));
        const forged = { promise: { ...promise, signature: { signer: 3, signature } } };
        return answering(Promise.resolve(forged));
      },
    ],
    ['another validator’s promise', () => Promise.resolve(answering(net.promise(2, newRound)))],
    ['a promise for another round', () => Promise.resolve(answering(net.promise(3, { ...newRound, round: 4 })))],
    [
      'a promise for another slot',
      () => {
        const elsewhere = { ...newRound, slot: { ...slot, sequence: toSequence(1n) } };
        return Promise.resolve(answering(net.promise(3, elsewhere)));
      },
    ],
    [
      'a lock without its certificate',
      async () => {
        const { promise } = await net.promise(3, newRound, await lock);
        return answering(Promise.resolve({ promise }));
      },
    ],
    [
      'a lock with a certificate that lacks votes',
      async () => answering(net.promise(3, newRound, await net.quorumCertificate(signedOrder, [0, 1]))),
    ],
    [
      'the certificate of another slot as the end of this one',
      async () => {
        const certificate = await net.commitCertificate(await net.sign(bob), [0, 1, 2]);
        return { openRound: () => Promise.resolve({ type: 'resolved', certificate } as const) };
      },
    ],
  ];

  test.each(lies)('%s', async (_what, lie) => {
    const { signers, misbehaviour, collected } = await run({ 3: await lie() }, never);
    expect(signers).toEqual([0, 1, 2]);
    expect(misbehaviour).toEqual([3]);
    expect(collected.failures).toMatchObject([{ signer: 3, reject: { code: 'TEMPORARILY_UNAVAILABLE' } }]);
  });
});
