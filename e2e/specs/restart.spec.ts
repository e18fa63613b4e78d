import { isAlive, startDevnetUnderTest } from '../fixtures/devnet.ts';
import { demoPerson } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';

for (const how of ['SIGINT', 'kill everything'] as const) {
  test(`after ${how} and a new start everything is as it was`, async ({ browser }) => {
    test.setTimeout(240_000);
    const devnet = await startDevnetUnderTest();
    try {
      const carol = await demoPerson(browser, devnet.walletUrl, 'Carol');
      await carol.wallet.askFaucet('600.00');
      await carol.wallet.deposit('7');
      await carol.wallet.expectBalance('57.00');
      await carol.wallet.pay('Alice', '2');
      await carol.wallet.expectPaid();
      await carol.wallet.done();
      await carol.wallet.expectBalance('54.998');

      const { processes } = devnet.runtime;
      await devnet.stop(how);
      await expect.poll(() => processes.filter(({ pid }) => isAlive(pid))).toEqual([]);
      await expect(carol.wallet.offlineBanner).toBeVisible();

      await devnet.start();
      await carol.wallet.page.reload();
      await carol.wallet.expectBalance('54.998');
      await expect(carol.wallet.activityItems).toHaveCount(1);
      await carol.wallet.pay('Bob', '1');
      await carol.wallet.expectPaid();
      await carol.wallet.done();
      await carol.wallet.expectBalance('53.996');
      await carol.context.close();
    } finally {
      await devnet.dispose();
    }
  });
}
