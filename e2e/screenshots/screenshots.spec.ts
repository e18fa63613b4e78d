import { fileURLToPath } from 'node:url';
import { demoPerson } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';
import { WalletPage } from '../pages/wallet.ts';

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));

const sizes = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1_280, height: 800 }, deviceScaleFactor: 1.5, isMobile: false, hasTouch: false },
} as const;

test('a little life, so that the pictures show some', async ({ browser, devnet }) => {
  const bob = await demoPerson(browser, devnet.walletUrl, 'Bob');
  await bob.wallet.pay('Alice', '18.4');
  await bob.wallet.expectPaid();
  await bob.context.close();
  const alice = await demoPerson(browser, devnet.walletUrl, 'Alice');
  await alice.wallet.pay('Carol', '42');
  await alice.wallet.expectPaid();
  await alice.wallet.done();
  await alice.context.close();
});

for (const [size, device] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${size}, ${colorScheme}`, async ({ browser, devnet }) => {
      const context = await browser.newContext({ baseURL: devnet.walletUrl, colorScheme, ...device });
      const page = await context.newPage();
      const wallet = new WalletPage(page);
      const take = async (name: string, onSize: keyof typeof sizes) => {
        if (onSize !== size) return;
        await page.evaluate(() => document.fonts.ready.then(() => undefined));
        await page.screenshot({ path: `${images}${name}-${size}-${colorScheme}.png`, animations: 'disabled' });
      };
      await wallet.open();
      await wallet.openDemo('Alice');
      await wallet.expectBalance('.');
      await expect(wallet.activityItems.first()).toBeVisible();
      await take('home', 'desktop');
      // A wallet in use: the first payment of a page also waits for the code to warm up.
      await wallet.pay('Carol', '4.5');
      await wallet.expectPaid();
      await wallet.done();
      await wallet.pay('Bob', '10');
      await wallet.expectPaid();
      await take('paid', 'phone');
      await wallet.done();
      await wallet.go('Network');
      await expect(page.getByTestId('quorum-state')).toContainText('4 of 4 reachable');
      await take('network', 'desktop');
      await wallet.expectLatestFinal();
      await take('payment', 'desktop');
      await context.close();
    });
  }
}
