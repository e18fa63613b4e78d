import { expect, test } from '../fixtures/test.ts';
import { WalletPage } from '../pages/wallet.ts';

const SPONSORING = '**/fastpay.v1.RelayService/SponsorDeposit';

/** A new wallet with 100 dollars on Tempo, on the screen that deposits them. */
async function openNewcomer(wallet: WalletPage): Promise<void> {
  await wallet.open();
  await wallet.createDeviceKey();
  await wallet.askFaucet('100.00');
}

test('somebody new deposits all that there is, and the network’s operator pays the fee', async ({ page }) => {
  const wallet = new WalletPage(page);
  await openNewcomer(wallet);
  await expect(wallet.networkFee).toHaveText('Paid by FastPay devnet');
  await page.getByRole('button', { name: 'Use all' }).click();
  await expect(page.getByLabel(/^Amount in/)).toHaveValue('100.00');
  await wallet.deposit('100');
  await expect(page.getByTestId('deposit-record')).toContainText('Network fee paid by FastPay devnet');
  await expect(page.getByTestId('token-balance')).toContainText('0.00');
  await wallet.expectBalance('100.00');

  await page.reload();
  await wallet.expectBalance('100.00');
  expect(await wallet.readTokens()).toBe(0n);
  await expect(page.getByTestId('deposit-record')).toHaveCount(1);
});

test('who is not paid for is told so, and pays with one tap: one deposit happens', async ({ page }) => {
  const wallet = new WalletPage(page);
  await openNewcomer(wallet);
  await page.route(SPONSORING, (route) => route.abort());
  await page.getByLabel(/^Amount in/).fill('100');
  await page.getByRole('button', { name: 'Deposit 100.00 USD' }).click();
  await expect(page.getByText('did not pay the network fee')).toBeVisible();
  await expect(wallet.networkFee).toContainText('0.03');
  await expect(page.getByTestId('token-balance')).toContainText('100.00');
  await expect(page.getByTestId('deposit-record')).toHaveCount(0);

  await page.getByRole('button', { name: 'Pay the fee, deposit 99.97 USD' }).click();
  await wallet.expectOnTempo('deposit', 'credited');
  await expect(page.getByText('did not pay the network fee')).toHaveCount(0);
  await wallet.expectBalance('99.97');
  expect(await wallet.readTokens()).toBeLessThan(30_000n);
  await expect(page.getByTestId('deposit-record')).toHaveCount(1);
});

test('a deposit that is too small to be paid for shows its fee', async ({ page }) => {
  const wallet = new WalletPage(page);
  await openNewcomer(wallet);
  await page.getByLabel(/^Amount in/).fill('0.5');
  await expect(wallet.networkFee).toContainText('0.03');
  await wallet.deposit('0.5');
  await wallet.expectBalance('0.50');
});
