import { expect, test } from '../fixtures/test.ts';
import { WalletPage } from '../pages/wallet.ts';

const PASSWORD = 'correct horse battery staple 42';

test('somebody new creates a wallet, gets money, deposits it, pays, and finds it all after a reload', async ({
  page,
}) => {
  const wallet = new WalletPage(page);
  await wallet.open();
  const words = await wallet.createWallet(PASSWORD);
  expect(words).toHaveLength(12);
  await wallet.expectBalance('0.00');

  await wallet.askFaucet('100.00');
  await wallet.deposit('60');
  await wallet.expectBalance('60.00');

  await wallet.pay('Bob', '12.5');
  await wallet.expectPaid();
  await wallet.done();
  // The fee is 0.002: Bob is no new account.
  await wallet.expectBalance('47.498');

  await page.reload();
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await wallet.unlock(PASSWORD);
  await wallet.expectBalance('47.498');
  await expect(wallet.activityItems).toHaveCount(1);
  await wallet.openVerifiedPayment();
});

test('the twelve words bring the wallet and its money to another browser', async ({ page, browser, baseURL }) => {
  const wallet = new WalletPage(page);
  await wallet.open();
  const words = await wallet.createWallet(PASSWORD);
  const address = await wallet.readAddress();
  await wallet.askFaucet('100.00');
  await wallet.deposit('20');

  const elsewhere = await browser.newContext(baseURL === undefined ? {} : { baseURL });
  const restored = new WalletPage(await elsewhere.newPage());
  await restored.open();
  await restored.importWallet(words, 'another password 4711 here');
  await restored.expectBalance('20.00');
  expect(await restored.readAddress()).toBe(address);
  await elsewhere.close();
});

test('a wrong password opens nothing and says so', async ({ page }) => {
  const wallet = new WalletPage(page);
  await wallet.open();
  await wallet.createWallet(PASSWORD);
  await page.reload();
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await expect(wallet.balance).toHaveCount(0);
});
