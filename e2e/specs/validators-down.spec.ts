import { formatAmount } from '@fastpay/protocol';
import { demoPerson } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';

test.afterEach(({ devnet }) => devnet.heal());

test('one validator killed: payments go on', async ({ browser, devnet }) => {
  const alice = await demoPerson(browser, devnet.walletUrl, 'Alice');
  await devnet.killValidator('Grace');
  await alice.wallet.pay('Bob', '1');
  await alice.wallet.expectPaid();
  await alice.wallet.done();

  await alice.wallet.go('Network');
  await expect(alice.wallet.page.getByTestId('quorum-state')).toContainText('3 of 4 reachable: payments go through');
  await expect(alice.wallet.page.getByRole('article', { name: 'Grace' })).toContainText('Not reachable');
  await alice.context.close();
});

test('two killed: a clear message, nothing lost, and the same payment completes by itself once one is back', async ({
  browser,
  devnet,
}) => {
  const bob = await demoPerson(browser, devnet.walletUrl, 'Bob');
  const carol = await demoPerson(browser, devnet.walletUrl, 'Carol');
  const before = { bob: await bob.wallet.readBalance(), carol: await carol.wallet.readBalance() };
  const listed = await bob.wallet.countPayments();
  await devnet.killValidator('Frank');
  await devnet.killValidator('Grace');

  await bob.wallet.preparePayment('Carol', '3');
  const cost = await bob.wallet.readCost();
  await bob.wallet.confirm();
  await expect(bob.wallet.headline).toHaveText('Waiting for validators');
  await expect(bob.wallet.verified).toContainText('Nothing is lost');

  // It is waiting for whoever looks again, too, and money that is on its way is not shown as free.
  await bob.wallet.page.reload();
  await expect(bob.wallet.headline).toHaveText('Waiting for validators');
  await bob.wallet.go('Home');
  const waiting = bob.wallet.page.getByText('3.00 USD to Carol is waiting');
  await expect(waiting).toBeVisible();
  await carol.wallet.go('Network');
  await carol.wallet.expectLastVerifiedBalance(formatAmount(before.carol));

  await devnet.startValidator('Frank');
  // A quorum answers again, and nobody has to ask for it.
  await carol.wallet.expectVerified();
  await expect(waiting).toBeHidden({ timeout: 60_000 });
  await carol.wallet.expectArrival('3.00');
  await carol.wallet.expectBalance(formatAmount(before.carol + 3_000_000n));
  await bob.wallet.expectBalance(formatAmount(before.bob - cost));

  await bob.wallet.page.reload();
  await bob.wallet.expectBalance(formatAmount(before.bob - cost));
  expect(await bob.wallet.countPayments()).toBe(listed + 1);
  await bob.context.close();
  await carol.context.close();
});

test('the wallet’s own switch takes a validator away and brings it back', async ({ browser, devnet }) => {
  const alice = await demoPerson(browser, devnet.walletUrl, 'Alice');
  const { page } = alice.wallet;
  await alice.wallet.go('Network');
  const card = page.getByRole('article', { name: 'Dave' });
  await card.getByRole('button', { name: 'Stop Dave' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop Dave' }).click();
  await expect(card).toContainText('Not reachable');
  await card.getByRole('button', { name: 'Start Dave' }).click();
  await expect(card).toContainText('Reachable');
  await expect(page.getByTestId('quorum-state')).toContainText('4 of 4 reachable');
  await alice.context.close();
});

test('a waiting payment is called off: no money moves, and the next payment goes through', async ({
  browser,
  devnet,
}) => {
  const bob = await demoPerson(browser, devnet.walletUrl, 'Bob');
  const before = await bob.wallet.readBalance();
  await devnet.killValidator('Frank');
  await devnet.killValidator('Grace');
  await bob.wallet.pay('Carol', '4');
  await expect(bob.wallet.headline).toHaveText('Waiting for validators');
  await bob.wallet.cancelPayment();
  await expect(bob.wallet.headline).toHaveText('Waiting to cancel');
  await expect(bob.wallet.verified).toContainText('the payment may still happen');

  await devnet.startValidator('Frank');
  await expect(bob.wallet.headline).toHaveText('Cancelled', { timeout: 60_000 });
  await bob.wallet.done();
  await bob.wallet.expectBalance(formatAmount(before));
  await bob.wallet.pay('Carol', '1');
  await bob.wallet.expectPaid();
  await bob.wallet.done();
  await bob.wallet.expectBalance(formatAmount(before - 1_002_000n));
  await bob.context.close();
});
