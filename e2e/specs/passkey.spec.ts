import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { WalletPage } from '../pages/wallet.ts';

/** An authenticator that says yes to everything, as a phone does to its owner. */
async function addAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Passkeys belong to a domain; an address of numbers has none. */
const named = (url: string) => url.replace('127.0.0.1', 'localhost');

test('a wallet behind a passkey deposits, pays and withdraws, and is found again behind it', async ({
  page,
  devnet,
}) => {
  await addAuthenticator(page);
  const wallet = new WalletPage(page);
  await wallet.open(named(devnet.walletUrl));
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('button', { name: 'Make a passkey' }).click();
  await wallet.balance.waitFor();
  const address = await wallet.readAddress();
  await wallet.askFaucet('100.00');
  await wallet.deposit('40');
  await wallet.expectBalance('40.00');
  await wallet.pay('Bob', '3');
  await wallet.expectPaid();
  await wallet.done();
  await wallet.withdraw('2');
  await wallet.expectBalance('34.996');

  // The browser forgets everything but the passkey.
  await page.evaluate(async () => {
    localStorage.clear();
    sessionStorage.clear();
    const databases = await indexedDB.databases();
    await Promise.all(
      databases.map(
        ({ name }) =>
          new Promise<void>((resolve) => {
            const request = indexedDB.deleteDatabase(name ?? '');
            request.onsuccess = () => resolve();
            request.onblocked = () => resolve();
          }),
      ),
    );
  });
  await page.reload();
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('button', { name: 'Use one I have' }).click();
  await wallet.balance.waitFor();
  expect(await wallet.readAddress()).toBe(address);
  await wallet.expectBalance('34.996');
});

test('a key of this device deposits and pays, and is there after a reload', async ({ page, devnet }) => {
  const wallet = new WalletPage(page);
  await wallet.open(named(devnet.walletUrl));
  await wallet.createDeviceKey();
  await wallet.askFaucet('100.00');
  await wallet.deposit('10');
  await wallet.pay('Carol', '1');
  await wallet.expectPaid();
  await wallet.done();
  await page.reload();
  await wallet.expectBalance('8.998');
});
