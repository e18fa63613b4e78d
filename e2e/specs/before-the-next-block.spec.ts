import { demoPerson, newPerson } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';

// Ten minutes between blocks: whatever happens in these tests happens without one.
test.use({ blockTimeSeconds: 600 });

test('Alice pays Bob 10 and Bob pays Carol 10 of it before the next block; Carol’s wallet verifies it', async ({
  browser,
  devnet,
}) => {
  const height = await devnet.blockHeight();
  const alice = await demoPerson(browser, devnet.walletUrl, 'Alice');
  const bob = await demoPerson(browser, devnet.walletUrl, 'Bob');
  const carol = await demoPerson(browser, devnet.walletUrl, 'Carol');
  await carol.wallet.expectBalance('50.00');

  await alice.wallet.pay('Bob', '10');
  await alice.wallet.expectPaid();
  await bob.wallet.expectArrival('10.00');
  await bob.wallet.expectBalance('260.00');
  await bob.wallet.pay('Carol', '10');
  await bob.wallet.expectPaid();
  await carol.wallet.expectArrival('10.00');
  await carol.wallet.expectBalance('60.00');

  await carol.wallet.openVerifiedPayment();
  expect(await devnet.blockHeight()).toBe(height);

  for (const [person, balance] of [
    [alice, '989.998'],
    [bob, '249.998'],
    [carol, '60.00'],
  ] as const) {
    await person.wallet.page.reload();
    await person.wallet.expectBalance(balance);
    await expect(person.wallet.activityItems.first()).toBeVisible();
  }
  expect(await devnet.blockHeight()).toBe(height);
  await Promise.all([alice, bob, carol].map(({ context }) => context.close()));
});

test('somebody who has nothing else spends what came a moment ago', async ({ browser, devnet }) => {
  const height = await devnet.blockHeight();
  const alice = await demoPerson(browser, devnet.walletUrl, 'Alice');
  const dora = await newPerson(browser, devnet.walletUrl);
  await dora.wallet.createWallet('a long enough password 7');
  const address = await dora.wallet.readAddress();
  await dora.wallet.go('Home');

  await alice.wallet.pay(address, '5');
  await alice.wallet.expectPaid();
  await dora.wallet.expectArrival('5.00');
  await dora.wallet.expectBalance('5.00');
  await dora.wallet.pay('Carol', '4.998');
  await dora.wallet.expectPaid();
  await dora.wallet.done();
  await dora.wallet.expectBalance('0.00');

  await dora.wallet.openVerifiedPayment();
  expect(await devnet.blockHeight()).toBe(height);
  await alice.context.close();
  await dora.context.close();
});
