import type { Page } from '@playwright/test';
import type { Hex } from 'viem';
import type { DevnetUnderTest } from '../fixtures/devnet.ts';
import {
  createGenericWallet,
  type GenericSignedOrder,
  importGenericWallet,
  readGenericNetwork,
  validOrder,
} from '../fixtures/generic-wallet.ts';
import { connectPlainGrpc, type Outcome, toMessage } from '../fixtures/plain-grpc.ts';
import { expect, test } from '../fixtures/test.ts';
import { WalletPage } from '../pages/wallet.ts';

const PASSWORD = 'correct horse battery staple 42';

/** What another device of the same owner signs, and two validators vote for. */
async function payFromElsewhere(
  devnet: DevnetUnderTest,
  words: readonly string[],
  recipient: Hex,
): Promise<GenericSignedOrder> {
  const network = readGenericNetwork(devnet.runtime.networkFile);
  const device = importGenericWallet(words);
  const order = validOrder(network, { sender: device.address, recipient, amount: 7_000_000n });
  const signed = await device.sign(order, network.domain);
  for (const outcome of await submit(devnet, signed, [0, 1])) expect(outcome).toMatchObject({ answer: { vote: {} } });
  return signed;
}

async function submit(
  devnet: DevnetUnderTest,
  signed: GenericSignedOrder,
  signers: readonly number[],
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const signer of signers) {
    const validator = connectPlainGrpc(devnet.runtime.validators[signer]?.url ?? '');
    outcomes.push(await validator.call('SubmitOrder', { signedOrder: toMessage(signed) }));
    validator.close();
  }
  return outcomes;
}

/** Somebody with 50 to pay with, and a phrase for a second device. */
async function newcomerWithMoney(page: Page, devnet: DevnetUnderTest) {
  const wallet = new WalletPage(page);
  await wallet.open(devnet.walletUrl);
  const words = await wallet.createWallet(PASSWORD);
  await wallet.askFaucet('100.00');
  await wallet.deposit('50');
  await wallet.expectBalance('50.00');
  return { wallet, words };
}

test('two devices pay at the same moment, two votes for each: the wallet ends it by itself and says how', async ({
  page,
  devnet,
}) => {
  const { wallet, words } = await newcomerWithMoney(page, devnet);

  // The wallet has signed, and its payment is on the way while the other device pays.
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/fastpay.v1.RelayService/SubmitPayment', async (route) => {
    await gate;
    await route.continue();
  });
  const sent = page.waitForRequest('**/fastpay.v1.RelayService/SubmitPayment');
  await wallet.pay('Bob', '5');
  await sent;
  const rival = await payFromElsewhere(devnet, words, createGenericWallet().address);
  release();

  await expect(page.getByTestId('payment')).toHaveAttribute('data-phase', 'paid', { timeout: 60_000 });
  await wallet.done();
  await wallet.expectBalance('44.998');
  for (const outcome of await submit(devnet, rival, [0, 1, 2, 3])) {
    expect(outcome).toMatchObject({ code: 'SEQUENCE_TOO_LOW' });
  }
  await wallet.openVerifiedPayment();
});

test('a payment that another device began is found at the validators and finished', async ({ page, devnet }) => {
  const { wallet, words } = await newcomerWithMoney(page, devnet);
  await wallet.page.goto('about:blank');
  await payFromElsewhere(devnet, words, createGenericWallet().address);

  await wallet.open(devnet.walletUrl);
  await wallet.unlock(PASSWORD);
  await wallet.expectBalance('42.992');
  await wallet.openVerifiedPayment();
});
