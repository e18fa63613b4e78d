import { createVerificationContext, verifyCommitCertificate, verifyQuorumCertificate } from '@fastpay/crypto';
import {
  type CommitCertificate,
  type QuorumCertificate,
  type SignedOrder,
  toAmount,
  toSequence,
} from '@fastpay/protocol';
import { expect, test } from 'vitest';
import {
  AT_NOW,
  accountOf,
  commitOf,
  createWorld,
  fund,
  openValidator,
  orderOf,
  payer,
  quorumOf,
  sign,
} from './testing/world.fixtures.ts';

/** Four validators of their own, and nobody who holds their keys for them. */
const world = createWorld();
const context = createVerificationContext(world.network, world.engine);
const [alice, bob, carol] = [payer(0), payer(1), payer(2)];
type Opened = ReturnType<typeof openValidator>;

function openCommittee(): readonly Opened[] {
  return world.members.map((_, signer) => openValidator(world, signer));
}

async function collectVotes(
  validators: readonly Opened[],
  signedOrder: SignedOrder,
  attachments: readonly CommitCertificate[] = [],
) {
  const answers = await Promise.all(
    validators.map((validator) => validator.vote({ signedOrder, attachments }, AT_NOW)),
  );
  return quorumOf(
    answers.flatMap((answer) => (answer.type === 'vote' ? [answer.vote] : [])),
    signedOrder,
  );
}

async function collectCommits(validators: readonly Opened[], certificate: QuorumCertificate) {
  const answers = await Promise.all(
    validators.map((validator) => validator.commit({ certificate, attachments: [] }, AT_NOW)),
  );
  return commitOf(
    answers.flatMap((answer) => (answer.type === 'commit' ? [answer.commit] : [])),
    certificate.signedOrder,
  );
}

async function pay(
  validators: readonly Opened[],
  signedOrder: SignedOrder,
  attachments: readonly CommitCertificate[] = [],
) {
  const qc = await collectVotes(validators, signedOrder, attachments);
  await verifyQuorumCertificate(context, qc);
  const cc = await collectCommits(validators, qc);
  await verifyCommitCertificate(context, cc);
  return cc;
}

async function statements(validators: readonly Opened[], owner: typeof alice) {
  return Promise.all(
    validators.map(async (validator) => {
      const { signed } = await validator.account(accountOf(owner), new Uint8Array(16), AT_NOW);
      return { balance: signed.statement.balance, next: signed.statement.next };
    }),
  );
}

test('a payment, and the money spent on with its certificate before anybody else resolved it', async () => {
  const validators = openCommittee();
  for (const validator of validators) await fund(validator, alice, 20_000_000n);
  const toBob = await pay(validators, await sign(world, alice, orderOf(alice, bob, { amount: toAmount(10_000_000n) })));
  // Nobody was handed the certificate: it comes along with the next payment.
  const order = orderOf(bob, carol, { amount: toAmount(9_000_000n), parents: [toBob.value] });
  const toCarol = await pay(validators, await sign(world, bob, order), [toBob]);
  for (const validator of validators) await validator.resolve(toCarol, AT_NOW);
  expect(await statements(validators, alice)).toEqual(
    validators.map(() => ({ balance: 20_000_000n - 10_008_000n, next: 1n })),
  );
  expect(await statements(validators, bob)).toEqual(
    validators.map(() => ({ balance: 10_000_000n - 9_008_000n, next: 1n })),
  );
  expect(await statements(validators, carol)).toEqual(validators.map(() => ({ balance: 9_000_000n, next: 0n })));
});

test('one validator away: payments go on, and it catches up from certificates alone', async () => {
  const validators = openCommittee();
  for (const validator of validators) await fund(validator, alice, 20_000_000n);
  const [away, ...present] = validators as [Opened, ...Opened[]];
  const made: CommitCertificate[] = [];
  for (let sequence = 0n; sequence < 3n; sequence++) {
    const cc = await pay(present, await sign(world, alice, orderOf(alice, bob, { sequence: toSequence(sequence) })));
    for (const validator of present) await validator.resolve(cc, AT_NOW);
    made.push(cc);
  }
  const next = await sign(world, alice, orderOf(alice, bob, { sequence: toSequence(3n) }));
  await expect(away.vote({ signedOrder: next, attachments: [] }, AT_NOW)).rejects.toMatchObject({
    code: 'MISSING_PREDECESSOR',
    facts: { expectedSequence: 0n },
  });
  for (const cc of made.toReversed()) await away.resolve(cc, AT_NOW);
  expect(await statements(validators, alice)).toEqual(
    validators.map(() => ({ balance: 20_000_000n - 3n * 1_008_000n, next: 3n })),
  );
  await pay(validators, next);
});

test('two orders for one slot never both get a quorum, however the votes fall', async () => {
  const orders = await Promise.all(
    [1n, 2n].map((amount) => sign(world, alice, orderOf(alice, bob, { amount: toAmount(amount) }))),
  );
  // Each bit says which of the two orders reaches a validator first.
  for (let arrival = 0; arrival < 16; arrival++) {
    const validators = openCommittee();
    const votes = orders.map(() => 0);
    for (const [signer, validator] of validators.entries()) {
      await fund(validator, alice, 20_000_000n);
      const first = (arrival >> signer) & 1;
      for (const which of [first, 1 - first]) {
        const request = { signedOrder: orders[which] as SignedOrder, attachments: [] };
        const answer = await validator.vote(request, AT_NOW).catch(() => undefined);
        if (answer?.type === 'vote') votes[which] = (votes[which] ?? 0) + 1;
      }
    }
    expect(votes.reduce((sum, count) => sum + count)).toBe(4);
    expect(votes.filter((count) => count >= 3).length).toBeLessThanOrEqual(1);
  }
});
