import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { WalletPage } from '../pages/wallet.ts';

async function expectNoViolations(page: Page, where: string): Promise<void> {
  // Half a transition has colours that nobody is meant to read.
  await page.evaluate(async () => {
    const running = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity);
    await Promise.allSettled(running.map(({ finished }) => finished));
  });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  expect(found, where).toEqual([]);
}

const screens = ['', 'pay', 'receive', 'deposit', 'withdraw', 'send', 'exit', 'activity', 'network', 'settings'];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, viewport] of [
    ['phone', { width: 390, height: 844 }],
    ['desktop', { width: 1_280, height: 800 }],
  ] as const) {
    test.describe(`${colorScheme}, ${size}`, () => {
      test.use({ colorScheme, viewport, reducedMotion: 'reduce' });

      test('every main screen passes axe', async ({ page }) => {
        const wallet = new WalletPage(page);
        await wallet.open();
        await page.getByRole('heading', { name: 'Try a demo account' }).waitFor();
        await expectNoViolations(page, 'welcome');
        await wallet.openDemo('Alice');
        await wallet.expectBalance('.');
        for (const screen of screens) {
          await page.goto(`/#/${screen}`);
          await page.getByRole('heading', { level: 1 }).waitFor();
          if (screen === 'deposit' || screen === 'send' || screen === 'exit') {
            await expect(page.getByTestId('token-balance')).toContainText('USD');
          }
          if (screen === 'exit') await expect(wallet.reserveBalance).toContainText('USD');
          await expectNoViolations(page, screen || 'home');
        }
        await wallet.preparePayment('Bob', '0.5');
        await expectNoViolations(page, 'review');
        await wallet.confirm();
        await wallet.expectPaid();
        await expectNoViolations(page, 'paid');
        await wallet.openVerifiedPayment();
        await expectNoViolations(page, 'payment details');
      });
    });
  }
}
