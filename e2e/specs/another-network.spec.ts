import { startDevnetUnderTest } from '../fixtures/devnet.ts';
import { demoPerson } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';

test('a devnet started anew on the same address is shown as another one, and can be taken on', async ({ browser }) => {
  const devnet = await startDevnetUnderTest();
  try {
    const alice = await demoPerson(browser, devnet.walletUrl, 'Alice');
    await alice.wallet.pay('Bob', '1');
    await alice.wallet.expectPaid();
    await devnet.stop();
    await devnet.startAnew();

    const { page } = alice.wallet;
    await page.reload();
    await expect(page.getByRole('heading', { name: 'The devnet was started anew' })).toBeVisible();
    await expect(page.getByText('Nothing has been signed or sent.')).toBeVisible();
    await page.getByRole('button', { name: 'Use the new devnet' }).click();
    const chooseAgain = page.getByRole('button', { name: 'Alice', exact: true });
    await expect(chooseAgain.or(alice.wallet.balance)).toBeVisible();
    if (await chooseAgain.isVisible()) await alice.wallet.openDemo('Alice');
    await alice.wallet.expectBalance('1,000.00');
    await expect(alice.wallet.activityItems).toHaveCount(0);
    await alice.context.close();
  } finally {
    await devnet.dispose();
  }
});

test('a relay that describes another committee is not believed', async ({ browser, devnet }) => {
  const alice = await demoPerson(browser, devnet.walletUrl, 'Alice');
  const { page } = alice.wallet;
  await alice.wallet.expectBalance('.');
  const submitted: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('SubmitPayment')) submitted.push(request.url());
  });
  await alice.context.route('**/v1/network', async (route) => {
    const response = await route.fetch();
    const served = (await response.json()) as {
      network: { kind: string; committee: { members: { votingKey: string }[] } };
    };
    const [dave, edgar] = served.network.committee.members;
    if (dave && edgar) [dave.votingKey, edgar.votingKey] = [edgar.votingKey, dave.votingKey];
    served.network.kind = 'testnet';
    await route.fulfill({ response, json: served });
  });
  await page.reload();
  await expect(page.getByRole('heading', { name: 'This is another network' })).toBeVisible();
  await expect(page.getByText('Nothing has been signed or sent.')).toBeVisible();

  await page.getByRole('button', { name: 'Look at the old history' }).click();
  await expect(page.getByText('Paying is not possible')).toBeVisible();
  expect(submitted).toEqual([]);
  await alice.context.close();
});
