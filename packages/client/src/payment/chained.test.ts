import { type CommitCertificate, PATH_USD } from '@fastpay/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { createWorld, ledgerOf, recording, type Wallet, type World } from '../testing/world.fixtures.ts';

const DOLLAR = 1_000_000n;

let world: World;
let alice: Wallet;
let bob: Wallet;
let carol: Wallet;
beforeEach(async () => {
  world = await createWorld();
  [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => world.wallet(name)) as [Wallet, Wallet, Wallet];
  await world.deposit(alice.owner, 100n * DOLLAR);
});

/** Certificates of the next payments do not reach these validators. */
function keepUninformed(...signers: number[]): void {
  for (const one of world.validators) one.isInformed = !signers.includes(one.signer);
}

async function aliceGivesBob(amount: bigint) {
  const certificate = (await alice.pay(bob.owner, amount)).at(-1)?.certificate;
  if (!certificate) throw new Error('expected the payment to be paid');
  await bob.client.receive(certificate);
  return certificate;
}

const balances = (wallet: Wallet) =>
  Promise.all(world.validators.map(async (one) => (await ledgerOf(one, wallet.account, world.clock)).balance));

describe('money received a second ago', () => {
  test.each([
    ['one validator', [3]],
    ['two validators', [2, 3]],
    ['three validators', [1, 2, 3]],
    ['any validator', [0, 1, 2, 3]],
  ])('is spent before %s has seen it arrive', async (_who, uninformed) => {
    keepUninformed(...uninformed);
    await aliceGivesBob(10n * DOLLAR);
    const last = (await bob.pay(carol.owner, 9n * DOLLAR)).at(-1);
    expect(last).toMatchObject({ state: 'paid', votes: [0, 1, 2, 3] });
    keepUninformed();
    const left = 10n * DOLLAR - 9n * DOLLAR - 8_000n;
    // The validators that were kept in the dark took the money in with Bob's payment.
    expect(await balances(bob)).toEqual(
      [left, left, left, left].map((amount, index) =>
        uninformed.includes(index) ? amount + 9n * DOLLAR + 8_000n : amount,
      ),
    );
  });

  test('names what it is made of when a validator lacks it', async () => {
    keepUninformed(3);
    const certificate = await aliceGivesBob(10n * DOLLAR);
    expect((await bob.pay(carol.owner, 9n * DOLLAR)).at(-1)?.order.parents).toEqual([certificate.value]);
  });

  test('names nothing when everybody has it', async () => {
    await aliceGivesBob(10n * DOLLAR);
    expect((await bob.pay(carol.owner, 9n * DOLLAR)).at(-1)?.order.parents).toEqual([]);
  });

  test('is gathered from several payments', async () => {
    keepUninformed(2, 3);
    const certificates: CommitCertificate[] = [];
    for (const [name, dollars] of [
      ['erin', 1n],
      ['fay', 2n],
      ['gil', 3n],
    ] as const) {
      const payer = world.wallet(name);
      await world.deposit(payer.owner, 100n * DOLLAR);
      const certificate = (await payer.pay(bob.owner, dollars * DOLLAR)).at(-1)?.certificate;
      if (!certificate) throw new Error('expected the payment to be paid');
      await bob.client.receive(certificate);
      certificates.push(certificate);
    }
    const last = (await bob.pay(carol.owner, 5n * DOLLAR)).at(-1);
    expect(last).toMatchObject({ state: 'paid', votes: [0, 1, 2, 3] });
    expect(last?.order.parents).toEqual(certificates.toReversed().map(({ value }) => value));
  });

  test('goes on from hand to hand without any ledger knowing of it in between', async () => {
    keepUninformed(0, 1, 2, 3);
    await aliceGivesBob(10n * DOLLAR);
    const second = (await bob.pay(carol.owner, 9n * DOLLAR)).at(-1);
    if (!second?.certificate) throw new Error('expected Bob’s payment to be paid');
    await carol.client.receive(second.certificate);
    const third = (await carol.pay(alice.owner, 8n * DOLLAR)).at(-1);
    expect(third).toMatchObject({ state: 'paid', votes: [0, 1, 2, 3] });
  });

  test('is not there for someone who has no certificate of it', async () => {
    keepUninformed(0, 1, 2, 3);
    await alice.pay(bob.owner, 10n * DOLLAR);
    await expect(bob.pay(carol.owner, 9n * DOLLAR)).rejects.toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
  });
});

describe('a validator that was away', () => {
  const goAway = (signer: number, isAway = true) => {
    const one = world.validators[signer];
    if (one) one.isUp = !isAway;
  };

  test.each([1, 5, 20])('catches up with the payer’s last %d payments as soon as it is needed', async (count) => {
    goAway(3);
    for (let payment = 0; payment < count; payment++) await alice.pay(bob.owner, DOLLAR);
    goAway(3, false);
    goAway(0);
    expect((await alice.pay(bob.owner, DOLLAR)).at(-1)).toMatchObject({ state: 'paid', votes: [1, 2, 3] });
    expect((await balances(bob)).slice(1)).toEqual([1, 2, 3].map(() => BigInt(count + 1) * DOLLAR));
  });

  test('catches up for a payment that is resumed, however far it is behind', async () => {
    goAway(3);
    for (let payment = 0; payment < 20; payment++) await alice.pay(bob.owner, DOLLAR);
    const stalling = world.wallet('alice', {
      rows: alice.rows,
      transport: {
        ...world.transport,
        async *submitPayment() {
          yield* await Promise.resolve([]);
        },
      },
    });
    expect((await stalling.pay(bob.owner, DOLLAR)).at(-1)?.state).toBe('stalled');
    goAway(3, false);
    goAway(0);
    expect((await alice.resume()).at(-1)).toMatchObject({ state: 'paid', votes: [1, 2, 3] });
  });

  test('is caught up by a look at the account too, so that the balance is exact again', async () => {
    await world.deposit(bob.owner, 50n * DOLLAR);
    goAway(3);
    await aliceGivesBob(10n * DOLLAR);
    goAway(3, false);
    goAway(0);
    expect(await bob.client.account(PATH_USD)).toMatchObject({
      balance: 60n * DOLLAR,
      agreed: true,
      signers: [1, 2, 3],
    });
  });

  test('is not sent certificates at every look', async () => {
    await world.deposit(bob.owner, 50n * DOLLAR);
    await world.deposit(bob.owner, 1n, [1, 2]);
    let deliveries = 0;
    const wallet = world.wallet('bob', {
      rows: bob.rows,
      transport: {
        ...world.transport,
        deliverCertificate: (certificate) => {
          deliveries++;
          return world.transport.deliverCertificate(certificate);
        },
      },
    });
    await aliceGivesBob(DOLLAR);
    for (let look = 0; look < 5; look++) {
      expect(await wallet.client.account(PATH_USD)).toMatchObject({ balance: 51n * DOLLAR, agreed: false });
    }
    expect(deliveries).toBe(1);
    world.clock.advance(5_000);
    await wallet.client.account(PATH_USD);
    expect(deliveries).toBe(2);
  });
});

test('certificates attached are few: none when all agree, the missing ones otherwise', async () => {
  const transport = recording(world.transport);
  const wallet = world.wallet('alice', { transport });
  await wallet.pay(bob.owner, DOLLAR);
  await wallet.pay(bob.owner, DOLLAR);
  keepUninformed(1, 2, 3);
  await wallet.pay(bob.owner, DOLLAR);
  await wallet.pay(bob.owner, DOLLAR);
  expect(transport.attached).toEqual([0, 0, 0, 1]);
});
