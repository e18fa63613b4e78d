import { startDevnetUnderTest } from '../fixtures/devnet.ts';
import { demoPerson } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';

test('with every validator gone for good, Bob settles what he received and leaves with everything that is his', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  // Nobody settles here, so that what Bob received is still unsettled when the last validator goes.
  const devnet = await startDevnetUnderTest({ settle: false });
  try {
    const alice = await demoPerson(browser, devnet.walletUrl, 'Alice');
    const bob = await demoPerson(browser, devnet.walletUrl, 'Bob');
    const tokens = await bob.wallet.readTokens();
    await bob.wallet.go('Home');
    await alice.wallet.pay('Bob', '10');
    await alice.wallet.expectPaid();
    await bob.wallet.expectArrival('10.00');
    await bob.wallet.expectBalance('260.00');

    for (const { name } of devnet.runtime.validators) await devnet.killValidator(name);

    await bob.wallet.settleLatest();
    await bob.wallet.goTempo('Exit');
    await expect(bob.wallet.reserveBalance).toContainText('260.00');
    await bob.wallet.requestExit();
    await expect(bob.wallet.page.getByText(/You can leave in /)).toBeVisible();

    await devnet.letTimePass(devnet.network.exitDelaySeconds);
    await bob.wallet.takeEverythingOut();
    await expect(bob.wallet.reserveBalance).toContainText('0.00');
    // The fee of the payment that he settled himself waits for him.
    await expect(bob.wallet.page.getByText('0.002 USD wait for you in the reserve')).toBeVisible();
    await bob.wallet.fetchWaiting();
    const now = await bob.wallet.readTokens();
    // All of it, less the gas of four transactions.
    expect(now - tokens).toBeGreaterThan(259_900_000n);
    await alice.context.close();
    await bob.context.close();
  } finally {
    await devnet.dispose();
  }
});

test('an exit that was requested is called off, and the account pays again', async ({ browser }) => {
  test.setTimeout(240_000);
  const devnet = await startDevnetUnderTest();
  try {
    const carol = await demoPerson(browser, devnet.walletUrl, 'Carol');
    await carol.wallet.goTempo('Exit');
    await carol.wallet.requestExit();
    await carol.wallet.expectOnTempo('requestExit', 'finalized');
    await carol.wallet.preparePayment('Bob', '1');
    await expect(carol.wallet.page.getByText('This account is leaving')).toBeVisible();
    await expect(carol.wallet.page.getByRole('button', { name: /^Pay \d/ })).toBeDisabled();

    await carol.wallet.goTempo('Exit');
    await carol.wallet.cancelExit();
    await carol.wallet.pay('Bob', '1');
    await carol.wallet.expectPaid();
    await carol.wallet.done();
    await carol.wallet.expectBalance('48.998');
    await carol.context.close();
  } finally {
    await devnet.dispose();
  }
});
