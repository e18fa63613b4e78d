import {
  type AccountAnswer,
  type CommitCertificate,
  PATH_USD,
  type QuorumCertificate,
  RejectError,
  type SignedBallot,
  toAmount,
} from '@fastpay/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { createEvidence } from '../testing/evidence.fixtures.ts';
import { createTestNetwork } from '../testing/network.fixtures.ts';
import { createWorld, recording, type Wallet, type World } from '../testing/world.fixtures.ts';
import type { Transport, TransportPaymentEvent } from '../transport.ts';

const DOLLAR = 1_000_000n;

let world: World;
let bob: Wallet;
beforeEach(async () => {
  world = await createWorld();
  bob = world.wallet('bob');
  await world.deposit(world.wallet('alice').owner, 100n * DOLLAR);
});

type Tampering = (
  event: TransportPaymentEvent,
) => readonly TransportPaymentEvent[] | Promise<readonly TransportPaymentEvent[]>;

const tampering = (tamper: Tampering): Transport => ({
  ...world.transport,
  async *submitPayment(request, signal) {
    for await (const event of world.transport.submitPayment(request, signal)) yield* await tamper(event);
  },
});

const flip = (bytes: Uint8Array) => bytes.map((byte, index) => (index === 9 ? byte ^ 1 : byte));
const asSigner = (ballot: SignedBallot, signer: number): SignedBallot => ({
  ...ballot,
  signature: { ...ballot.signature, signer },
});
const altered = <Type extends CommitCertificate | QuorumCertificate>(certificate: Type): Type => ({
  ...certificate,
  signatures: certificate.signatures.map(({ signer, signature }) => ({ signer, signature: flip(signature) })),
});

const neverPaid: readonly (readonly [string, Tampering])[] = [
  [
    'flips a bit in every signature',
    (event) => {
      if (event.type === 'vote') {
        const { signature } = event.vote;
        return [
          { type: 'vote', vote: { ...event.vote, signature: { ...signature, signature: flip(signature.signature) } } },
        ];
      }
      if (event.type === 'commit') {
        const { signature } = event.commit;
        return [
          {
            type: 'commit',
            commit: { ...event.commit, signature: { ...signature, signature: flip(signature.signature) } },
          },
        ];
      }
      if (event.type === 'quorum') return [{ type: 'quorum', certificate: altered(event.certificate) }];
      if (event.type === 'paid') return [{ type: 'paid', certificate: altered(event.certificate) }];
      return [event];
    },
  ],
  [
    'shows one validator’s signature in the names of all',
    (event) => {
      if (event.type === 'vote' && event.vote.signature.signer === 0) {
        return [0, 1, 2, 3].map((signer) => ({ type: 'vote', vote: asSigner(event.vote, signer) }));
      }
      if (event.type === 'commit' && event.commit.signature.signer === 0) {
        return [0, 1, 2, 3].map((signer) => ({ type: 'commit', commit: asSigner(event.commit, signer) }));
      }
      if (event.type === 'paid') {
        const [one] = event.certificate.signatures;
        const signatures = one ? [0, 1, 2].map((signer) => ({ ...one, signer })) : [];
        return [{ type: 'paid', certificate: { ...event.certificate, signatures } }];
      }
      return [];
    },
  ],
  [
    'repeats one validator’s signature',
    (event) => {
      if (event.type === 'vote' || event.type === 'commit') {
        const signer = event.type === 'vote' ? event.vote.signature.signer : event.commit.signature.signer;
        return signer === 0 ? [event, event, event, event] : [];
      }
      if (event.type === 'paid') {
        const [one] = event.certificate.signatures;
        return [{ type: 'paid', certificate: { ...event.certificate, signatures: one ? [one, one, one] : [] } }];
      }
      return [];
    },
  ],
  [
    'raises the amount in the certificate',
    (event) => {
      if (event.type !== 'paid' || !event.certificate.signedOrder) return event.type === 'commit' ? [] : [event];
      const { signedOrder } = event.certificate;
      const order = { ...signedOrder.order, amount: toAmount(99n * DOLLAR) };
      return [{ type: 'paid', certificate: { ...event.certificate, signedOrder: { ...signedOrder, order } } }];
    },
  ],
  [
    'leaves signers out',
    (event) => {
      if (event.type === 'commit') return [];
      if (event.type !== 'paid') return [event];
      return [
        { type: 'paid', certificate: { ...event.certificate, signatures: event.certificate.signatures.slice(0, 2) } },
      ];
    },
  ],
  ['ends before the commits', (event) => (event.type === 'commit' || event.type === 'paid' ? [] : [event])],
  [
    'sends the certificate of another network',
    async (event) => {
      if (event.type === 'commit') return [];
      if (event.type !== 'paid' || !event.certificate.signedOrder) return [event];
      const other = createEvidence(createTestNetwork({ seed: 'another network' }));
      return [{ type: 'paid', certificate: await other.certificate(event.certificate.signedOrder) }];
    },
  ],
  [
    'invents refusals',
    (event) =>
      event.type === 'failure'
        ? [event]
        : [{ type: 'failure', signer: 0, reject: new RejectError('INVALID_SIGNATURE', 'no such key') }],
  ],
];

describe('a relay that lies about a payment', () => {
  test.each(neverPaid)('and %s never has it called paid', async (_what, tamper) => {
    const transport = recording(tampering(tamper));
    const wallet = world.wallet('alice', { transport });
    const snapshots = await wallet.pay(bob.owner, 10n * DOLLAR);
    expect(snapshots.map(({ state }) => state)).not.toContain('paid');
    const last = snapshots.at(-1);
    expect(last).toMatchObject({ state: 'stalled' });
    expect(last?.stalled?.money).toMatch(/may still happen/);
    expect(await wallet.client.pending(PATH_USD)).toMatchObject({ transactionHash: last?.transactionHash });

    const honest = world.wallet('alice', { rows: wallet.rows });
    expect((await honest.resume()).at(-1)).toMatchObject({ state: 'paid', transactionHash: last?.transactionHash });
    expect(transport.sent).toHaveLength(1);
  });

  test('by calling it stalled is no match for the signatures it sent before', async () => {
    const wallet = world.wallet('alice', {
      transport: tampering((event) =>
        event.type === 'paid' ? [{ type: 'stalled', reject: new RejectError('EXPIRED', 'too late') }] : [event],
      ),
    });
    expect((await wallet.pay(bob.owner, 10n * DOLLAR)).at(-1)).toMatchObject({ state: 'paid', commits: [0, 1, 2] });
  });

  test('cannot pass off an older payment’s certificate', async () => {
    let old: CommitCertificate | undefined;
    const wallet = world.wallet('alice', {
      transport: tampering((event) => {
        if (event.type === 'commit' && old) return [];
        if (event.type !== 'paid') return [event];
        old ??= event.certificate;
        return [{ type: 'paid', certificate: old }];
      }),
    });
    expect((await wallet.pay(bob.owner, DOLLAR)).at(-1)?.state).toBe('paid');
    expect((await wallet.pay(bob.owner, DOLLAR)).at(-1)?.state).toBe('stalled');
  });

  test('and keeps the certificate back does not keep it from the other validators', async () => {
    for (const one of world.validators) one.isInformed = false;
    const delivered: CommitCertificate[] = [];
    const silent = tampering((event) => (event.type === 'paid' ? [] : [event]));
    const wallet = world.wallet('alice', {
      transport: {
        ...silent,
        deliverCertificate: (certificate) => {
          delivered.push(certificate);
          return world.transport.deliverCertificate(certificate);
        },
      },
    });
    const last = (await wallet.pay(bob.owner, DOLLAR)).at(-1);
    expect(last?.state).toBe('paid');
    expect(delivered).toEqual([last?.certificate]);
  });
});

describe('a relay that lies about the account', () => {
  const lyingStatements = (lie: (answers: readonly AccountAnswer[]) => readonly AccountAnswer[]): Wallet =>
    world.wallet('alice', {
      transport: {
        ...world.transport,
        accountStatements: async (account, nonce) => lie(await world.transport.accountStatements(account, nonce)),
      },
    });
  const withBalance = (answer: AccountAnswer, balance: bigint): AccountAnswer => ({
    ...answer,
    signed: { ...answer.signed, statement: { ...answer.signed.statement, balance } },
  });

  test('cannot raise the balance', async () => {
    const wallet = lyingStatements((answers) => answers.map((answer) => withBalance(answer, 10n ** 12n)));
    await expect(wallet.client.account(PATH_USD)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
    await expect(wallet.pay(bob.owner, DOLLAR)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  });

  test('cannot bring up an old answer', async () => {
    let old: readonly AccountAnswer[] | undefined;
    const wallet = lyingStatements((answers) => {
      old ??= answers;
      return old;
    });
    expect(await wallet.client.account(PATH_USD)).toMatchObject({ balance: 100n * DOLLAR });
    await expect(wallet.client.account(PATH_USD)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  });

  test('cannot let one validator speak for all', async () => {
    const repeated = lyingStatements(([first]) => (first ? [first, first, first, first] : []));
    await expect(repeated.client.account(PATH_USD)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
    const renamed = lyingStatements(([first]) =>
      [0, 1, 2, 3].flatMap((signer) =>
        first ? [{ ...first, signed: { ...first.signed, signature: { ...first.signed.signature, signer } } }] : [],
      ),
    );
    await expect(renamed.client.account(PATH_USD)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  });

  test('cannot answer about another account', async () => {
    await world.deposit(bob.owner, 500n * DOLLAR);
    const wallet = world.wallet('alice', {
      transport: {
        ...world.transport,
        accountStatements: (_account, nonce) => world.transport.accountStatements(bob.account, nonce),
      },
    });
    await expect(wallet.client.account(PATH_USD)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  });

  test('cannot hide the surcharge behind an unsigned “known”', async () => {
    const wallet = lyingStatements((answers) => answers.map((answer) => ({ ...answer, known: true })));
    const fee = await wallet.client.quoteFee({ kind: 0, recipient: bob.owner, asset: PATH_USD, amount: 1n });
    expect(fee).toBe(8_000n);
  });

  test('drowns nobody in answers', async () => {
    const wallet = lyingStatements((answers) => Array.from({ length: 10_000 }, () => answers).flat());
    await expect(wallet.client.account(PATH_USD)).resolves.toMatchObject({ balance: 100n * DOLLAR });
  });
});
