import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { WalletPage } from '../pages/wallet.ts';

// Installing and lasting storage need a profile: a private window offers neither.
test('the wallet can be installed, and opens without any network with what it knew', async ({ devnet }, testInfo) => {
  const profile = mkdtempSync(join(tmpdir(), 'fastpay-profile-'));
  const { launchOptions } = testInfo.project.use;
  const context = await chromium.launchPersistentContext(profile, { ...launchOptions, baseURL: devnet.walletUrl });
  try {
    const [page = await context.newPage()] = context.pages();
    const wallet = new WalletPage(page);
    await wallet.open();
    await wallet.openDemo('Alice');
    await wallet.pay('Bob', '1.23');
    await wallet.expectPaid();
    await wallet.done();
    // Alice's history on this devnet may hold payments of other journeys too.
    const payment = wallet.activityItems.filter({ hasText: '1.23' });
    await expect(payment).toHaveCount(1);
    const balance = await wallet.balance.textContent();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

    const session = await context.newCDPSession(page);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    expect(installabilityErrors).toEqual([]);

    await context.setOffline(true);
    await page.reload();
    await expect(wallet.offlineBanner).toBeVisible();
    await expect(wallet.balance).toHaveText(balance ?? '');
    await expect(payment).toHaveCount(1);
    await wallet.go('Receive');
    await expect(page.getByRole('img', { name: 'QR code of your address' })).toBeVisible();
    await wallet.openVerifiedPayment();

    await context.setOffline(false);
    await wallet.go('Home');
    await expect(wallet.offlineBanner).toBeHidden();
  } finally {
    await context.close();
    rmSync(profile, { recursive: true });
  }
});
