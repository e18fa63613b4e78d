import { verifyCommitCertificate, verifyQuorumCertificate } from '@fastpay/crypto';
import {
  type CommitCertificate,
  encodeCertificate,
  RejectError,
  type SignedBallot,
  type SignedOrder,
  toAmount,
  toSequence,
} from '@fastpay/protocol';
import type { PaymentEvent } from '@fastpay/rpc';
import { describe, expect, test } from 'vitest';
import {
  type HandMadeValidator,
  handMadeValidator,
  refusal,
  silence,
  unreachable,
} from '../testing/hand-made-validator.fixtures.ts';
import { alice, bob, createTestNetwork, type TestNetwork } from '../testing/network.fixtures.ts';
import type { Supply } from './ask-validator.ts';
import { collectValue } from './collect-value.ts';
import type { ValidatorPort } from './validator-port.ts';

type Behaviours = Readonly<Record<number, Partial<ValidatorPort>>>;

interface Setup {
  readonly net?: TestNetwork;
  readonly behaviours?: Behaviours;
  readonly signal?: AbortSignal;
  readonly signedOrder?: SignedOrder;
  readonly supply?: Supply;
  readonly signers?: readonly number[];
  readonly grace?: () => Promise<void>;
}

async function run(setup: Setup = {}) {
  const net = setup.net ?? createTestNetwork();
  const signedOrder = setup.signedOrder ?? (await net.sign(alice));
  const signers = setup.signers ?? net.network.committee.members.map((_, signer) => signer);
  const validators = signers.map((signer) => handMadeValidator(net, signer, setup.behaviours?.[signer]));
  const events: PaymentEvent[] = [];
  const misbehaviour: number[] = [];
  const collected = await collectValue(
    net.request(signedOrder),
    (event) => events.push(event),
    {
      context: net.context,
      validators,
      supply: setup.supply ?? (() => Promise.resolve([])),
      grace: setup.grace ?? (() => new Promise(() => {})),
      onMisbehaviour: (signer) => misbehaviour.push(signer),
    },
    setup.signal ?? new AbortController().signal,
  );
  const of = <Type extends PaymentEvent['type']>(type: Type) =>
    events.filter((event): event is Extract<PaymentEvent, { type: Type }> => event.type === type);
  return { net, collected, events, of, validators, misbehaviour, signedOrder };
}

async function expectPaid({ collected, of, events, net }: Awaited<ReturnType<typeof run>>, signers: readonly number[]) {
  if (collected.type !== 'resolved') throw collected.reject;
  await verifyCommitCertificate(net.context, collected.certificate);
  const [quorum] = of('quorum');
  if (!quorum) throw new Error('no quorum certificate');
  await verifyQuorumCertificate(net.context, quorum.certificate);
  expect(quorum.certificate.signatures.map(({ signer }) => signer)).toEqual(signers);
  expect(collected.certificate.signatures.map(({ signer }) => signer)).toEqual(signers);
  expect(events.at(-1)).toEqual({ type: 'paid', certificate: collected.certificate });
}

function expectStalled({ events }: Awaited<ReturnType<typeof run>>): RejectError {
  const last = events.at(-1);
  if (last?.type !== 'stalled') throw new Error('it was paid');
  return last.reject;
}

describe('a payment', () => {
  test('is paid by the first quorum, with signers in ascending order', async () => {
    const result = await run({ behaviours: { 1: { vote: silence, commit: silence } } });
    await expectPaid(result, [0, 2, 3]);
    expect(result.of('vote')).toHaveLength(3);
    expect(result.of('commit')).toHaveLength(3);
  });

  test('shows the steps in order: votes, quorum, commits, paid', async () => {
    const { events } = await run({ signers: [0, 1, 2] });
    const steps = events.map(({ type }) => type).filter((type) => type !== 'failure');
    expect(steps).toEqual(['vote', 'vote', 'vote', 'quorum', 'commit', 'commit', 'commit', 'paid']);
  });

  test('needs stake, not heads', async () => {
    const net = createTestNetwork([5n, 1n, 1n, 1n]);
    const behaviours = { 0: { vote: unreachable, commit: unreachable } };
    expect(expectStalled(await run({ net, behaviours })).message).toContain(
      'validators with 3 of 8 stake answer; 6 is',
    );
    await expectPaid(await run({ net, behaviours: { 1: behaviours[0], 2: behaviours[0] } }), [0, 3]);
  });

  test('asks validators that did not vote for their commit too', async () => {
    const { collected } = await run({ behaviours: { 3: { vote: unreachable }, 0: { commit: unreachable } } });
    if (collected.type !== 'resolved') throw collected.reject;
    expect(collected.certificate.signatures.map(({ signer }) => signer)).toEqual([1, 2, 3]);
  });

  test('emits nothing after its end', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const net = createTestNetwork();
    const late: Partial<ValidatorPort> = {
      vote: async ({ signedOrder }) => {
        await gate;
        const { slot, value } = await net.commitCertificate(signedOrder, [0, 1, 2]);
        return { type: 'vote', vote: await net.vote(3, { slot, round: 0, value }) };
      },
      commit: silence,
    };
    const { events } = await run({ net, behaviours: { 3: late } });
    const count = events.length;
    release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(events).toHaveLength(count);
  });
});

describe('what does not verify never counts', () => {
  const net = createTestNetwork();
  const tampered = (ballot: SignedBallot, change: Partial<SignedBallot>): SignedBallot => ({ ...ballot, ...change });
  const forged = (ballot: SignedBallot): SignedBallot =>
    tampered(ballot, {
      signature: { ...ballot.signature, signature: ballot.signature.signature.map((byte) => byte ^ 1) },
    });
  const otherValue = `0x${'77'.repeat(32)}` as SignedBallot['value'];

  const lies: readonly [string, (honest: HandMadeValidator) => Partial<ValidatorPort>][] = [
    [
      'a forged vote',
      (honest) => ({
        vote: async (request, signal) => {
          const answer = await honest.vote(request, signal);
          return answer.type === 'vote' ? { type: 'vote', vote: forged(answer.vote) } : answer;
        },
      }),
    ],
    [
      'a vote for another value, well signed',
      () => ({
        vote: async ({ signedOrder: { order } }) => ({
          type: 'vote',
          vote: await net.vote(3, { slot: { owner: order.sender, ...order }, round: 0, value: otherValue }),
        }),
      }),
    ],
    [
      'a vote of another round, well signed',
      (honest) => ({
        vote: async (request, signal) => {
          const answer = await honest.vote(request, signal);
          if (answer.type !== 'vote') return answer;
          return { type: 'vote', vote: await net.vote(3, { ...answer.vote, round: 1 }) };
        },
      }),
    ],
    [
      'another validator’s vote, handed on as its own',
      () => ({
        vote: async (request, signal) => await handMadeValidator(net, 0).vote(request, signal),
      }),
    ],
    [
      'another validator’s vote under its own index',
      () => ({
        vote: async (request, signal) => {
          const answer = await handMadeValidator(net, 0).vote(request, signal);
          if (answer.type !== 'vote') return answer;
          const { signature } = answer.vote.signature;
          return { type: 'vote', vote: { ...answer.vote, signature: { signer: 3, signature } } };
        },
      }),
    ],
    [
      'a vote of another epoch',
      (honest) => ({
        vote: async (request, signal) => {
          const answer = await honest.vote(request, signal);
          return answer.type === 'vote' ? { type: 'vote', vote: tampered(answer.vote, { epoch: 1n }) } : answer;
        },
      }),
    ],
    [
      'a commit where a vote was asked for',
      (honest) => ({
        vote: async (request, signal) => {
          const answer = await honest.vote(request, signal);
          if (answer.type !== 'vote') return answer;
          return { type: 'vote', vote: await net.commit(3, answer.vote) };
        },
      }),
    ],
    [
      'a certificate of too little stake',
      () => ({
        vote: async ({ signedOrder }) => ({
          type: 'resolved',
          certificate: await net.commitCertificate(signedOrder, [0, 3]),
        }),
      }),
    ],
    [
      'a certificate that counts one signer twice',
      () => ({
        vote: async ({ signedOrder }) => ({
          type: 'resolved',
          certificate: await net.commitCertificate(signedOrder, [0, 3, 3]),
        }),
      }),
    ],
    [
      'the certificate of another slot',
      () => ({
        vote: async () => ({
          type: 'resolved',
          certificate: await net.commitCertificate(await net.sign(bob), [0, 1, 2]),
        }),
      }),
    ],
    [
      'a refusal with a forged certificate',
      () => ({
        vote: async ({ signedOrder }) => {
          const certificate = await net.skipCertificate(signedOrder, [0, 3]);
          throw new RejectError('SEQUENCE_TOO_LOW', 'done', { commitCertificate: encodeCertificate(certificate) });
        },
      }),
    ],
  ];

  test.each(lies)('%s', async (_, lie) => {
    const behaviours = { 3: lie(handMadeValidator(net, 3)) };
    const result = await run({ net, behaviours });
    await expectPaid(result, [0, 1, 2]);
    expect(result.of('vote').map(({ vote }) => vote.signature.signer)).not.toContain(3);
    expect(result.misbehaviour).toContain(3);
    const stalled = await run({ net, behaviours: { ...behaviours, 2: { vote: unreachable } } });
    const reject = expectStalled(stalled);
    expect(reject.code).toBe('TEMPORARILY_UNAVAILABLE');
    expect(reject.message).toContain('2 of 4 validators');
  });

  test('a forged commit', async () => {
    const lie: Partial<ValidatorPort> = {
      commit: async (request, signal) => {
        const answer = await handMadeValidator(net, 3).commit(request, signal);
        return answer.type === 'commit' ? { type: 'commit', commit: forged(answer.commit) } : answer;
      },
    };
    const result = await run({ net, behaviours: { 3: lie } });
    if (result.collected.type !== 'resolved') throw result.collected.reject;
    expect(result.collected.certificate.signatures.map(({ signer }) => signer)).toEqual([0, 1, 2]);
    expect(result.misbehaviour).toEqual([3]);
    const stalled = await run({ net, behaviours: { 3: lie, 2: { commit: unreachable } } });
    expect(expectStalled(stalled).message).toContain('2 of 4 validators');
  });
});

describe('a slot that is resolved already', () => {
  test('with this payment: one verified certificate is enough', async () => {
    const net = createTestNetwork();
    const signedOrder = await net.sign(alice);
    const certificate = await net.commitCertificate(signedOrder, [1, 2, 3]);
    const result = await run({
      net,
      signedOrder,
      behaviours: {
        0: { vote: () => Promise.resolve({ type: 'resolved', certificate }) },
        1: { vote: silence },
        2: { vote: silence },
        3: { vote: silence },
      },
    });
    expect(result.collected).toEqual({ type: 'resolved', certificate });
  });

  test('with this payment, known from a refusal', async () => {
    const net = createTestNetwork();
    const signedOrder = await net.sign(alice);
    const certificate = await net.commitCertificate(signedOrder, [1, 2, 3]);
    const known = new RejectError('SEQUENCE_TOO_LOW', 'done', { commitCertificate: encodeCertificate(certificate) });
    const behaviours = { 0: { vote: refusal(known) }, 1: { vote: silence }, 2: { vote: silence } };
    const { collected } = await run({ net, signedOrder, behaviours });
    expect(collected).toEqual({ type: 'resolved', certificate });
  });

  test('with something else: it can never be paid, whatever the others say', async () => {
    const net = createTestNetwork();
    const signedOrder = await net.sign(alice);
    const other = await net.commitCertificate(await net.sign(alice, { amount: toAmount(5n) }), [0, 1, 2]);
    const result = await run({
      net,
      signedOrder,
      behaviours: {
        1: { commit: silence },
        2: { commit: () => Promise.resolve({ type: 'resolved', certificate: other }) },
      },
    });
    const reject = expectStalled(result);
    expect(reject.code).toBe('SEQUENCE_TOO_LOW');
    expect(reject.facts.commitCertificate).toEqual(encodeCertificate(other));
  });
});

describe('when no quorum can stand', () => {
  test('it says who is missing and that nothing is lost', async () => {
    const down = { vote: unreachable, commit: unreachable };
    const result = await run({ behaviours: { 2: down, 3: down } });
    const reject = expectStalled(result);
    expect(reject.code).toBe('TEMPORARILY_UNAVAILABLE');
    expect(reject.message).toBe(
      '2 of 4 validators answer; 3 are needed. No answer from Frank and Grace. ' +
        'Nothing is lost: the same payment completes when enough of them return.',
    );
    expect(result.of('failure').map(({ signer }) => signer)).toEqual([2, 3]);
  });

  test('it ends when its time is over, though validators hang', async () => {
    const hang: Partial<ValidatorPort> = { vote: () => new Promise(() => {}) };
    const signal = AbortSignal.timeout(20);
    const reject = expectStalled(await run({ behaviours: { 1: hang, 2: hang }, signal }));
    expect(reject.message).toContain('No answer from Edgar and Frank.');
  });

  test('a validator without an address counts as missing', async () => {
    const reject = expectStalled(await run({ signers: [0, 1] }));
    expect(reject.message).toContain('No answer from Frank and Grace.');
  });

  test('it waits for the rest only as long as the grace lasts', async () => {
    const down = { vote: unreachable };
    const hang: Partial<ValidatorPort> = { vote: () => new Promise(() => {}) };
    const grace = () => new Promise<void>((resolve) => setImmediate(resolve));
    const reject = expectStalled(await run({ behaviours: { 0: hang, 2: down, 3: down }, grace }));
    expect(reject.message).toContain('1 of 4 validators answer; 3 are needed. No answer from Dave, Frank and Grace.');
  });

  test('a certificate that turns up during the grace still counts', async () => {
    const net = createTestNetwork();
    const signedOrder = await net.sign(alice);
    const certificate = await net.commitCertificate(signedOrder, [0, 1, 2]);
    const slow: Partial<ValidatorPort> = {
      vote: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return { type: 'resolved', certificate };
      },
    };
    const down = { vote: unreachable };
    const { collected } = await run({ net, signedOrder, behaviours: { 0: down, 1: down, 3: slow } });
    expect(collected).toEqual({ type: 'resolved', certificate });
  });

  test('it gives the refusal that stake of an honest validator agrees on, with its facts', async () => {
    const poor = new RejectError('INSUFFICIENT_FUNDS', 'the balance is 5', { balance: 5n });
    const refuses = { vote: refusal(poor) };
    expect(expectStalled(await run({ behaviours: { 1: refuses, 2: refuses } }))).toBe(poor);
  });

  test('one validator’s refusal alone is named but not believed', async () => {
    const equivocation = new RejectError('EQUIVOCATION', 'the slot holds another payment');
    const reject = expectStalled(
      await run({ behaviours: { 1: { vote: refusal(equivocation) }, 2: { vote: unreachable } } }),
    );
    expect(reject.code).toBe('TEMPORARILY_UNAVAILABLE');
    expect(reject.message).toContain('Edgar refused: the slot holds another payment (EQUIVOCATION).');
    expect(reject.message).toContain('No answer from Frank.');
  });

  test('a refusal that no retry can change comes before one that may pass', async () => {
    const expired = { vote: refusal(new RejectError('EXPIRED', 'too late')) };
    const poor = { vote: refusal(new RejectError('INSUFFICIENT_FUNDS', 'too little')) };
    const split = { 0: poor, 1: poor, 2: expired, 3: expired };
    expect(expectStalled(await run({ behaviours: split })).code).toBe('EXPIRED');
    expect(expectStalled(await run({ behaviours: { ...split, 3: poor } })).code).toBe('INSUFFICIENT_FUNDS');
  });
});

describe('a validator that lacks earlier certificates', () => {
  const net = createTestNetwork();

  /** Refuses until it has been handed the certificate. */
  function lagging(code: 'MISSING_PREDECESSOR' | 'MISSING_PARENT', needed: CommitCertificate): Partial<ValidatorPort> {
    let hasIt = false;
    const honest = handMadeValidator(net, 3);
    const check = () => {
      if (!hasIt) throw new RejectError(code, 'something is missing', { expectedSequence: 0n });
    };
    return {
      vote: async (request, signal) => {
        check();
        return await honest.vote(request, signal);
      },
      commit: async (request, signal) => {
        check();
        return await honest.commit(request, signal);
      },
      resolve: (certificate) => {
        if (certificate === needed) hasIt = true;
        return Promise.resolve();
      },
    };
  }

  test.each(['MISSING_PREDECESSOR', 'MISSING_PARENT'] as const)('gets them and is asked again: %s', async (code) => {
    const earlier = await net.commitCertificate(await net.sign(alice), [0, 1, 2]);
    const result = await run({
      net,
      signedOrder: await net.sign(alice, { sequence: toSequence(1n) }),
      behaviours: { 2: { vote: unreachable, commit: unreachable }, 3: lagging(code, earlier) },
      supply: () => Promise.resolve([earlier]),
    });
    await expectPaid(result, [0, 1, 3]);
    expect(result.validators[3]?.calls).toEqual(['vote', 'resolve', 'vote', 'commit']);
  });

  test('is asked only twice', async () => {
    const useless = await net.commitCertificate(await net.sign(bob), [0, 1, 2]);
    const result = await run({
      net,
      behaviours: {
        2: { vote: unreachable },
        3: { vote: refusal(new RejectError('MISSING_PREDECESSOR', 'still missing')) },
      },
      supply: () => Promise.resolve([useless]),
    });
    expect(expectStalled(result).message).toContain('Grace refused: still missing (MISSING_PREDECESSOR).');
    expect(result.validators[3]?.calls).toEqual(['vote', 'resolve', 'vote']);
  });
});

test('a broken port is no refusal: it is not hidden', async () => {
  const bug = new TypeError('broken');
  await expect(run({ behaviours: { 1: { vote: () => Promise.reject(bug) } } })).rejects.toBe(bug);
});
