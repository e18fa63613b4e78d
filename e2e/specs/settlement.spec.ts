import { demoPerson } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';

test('a chain of payments becomes final on Tempo by itself; what was received is withdrawn and sent on', async ({
  browser,
  devnet,
}) => {
  const alice = await demoPerson(browser, devnet.walletUrl, 'Alice');
  const bob = await demoPerson(browser, devnet.walletUrl, 'Bob');
  const carol = await demoPerson(browser, devnet.walletUrl, 'Carol');
  const tokens = await carol.wallet.readTokens();
  const recipient = await bob.wallet.readAddress();
  await bob.wallet.go('Home');
  await carol.wallet.go('Home');

  await alice.wallet.pay('Bob', '10');
  await alice.wallet.expectPaid();
  await bob.wallet.expectArrival('10.00');
  await bob.wallet.pay('Carol', '10');
  await bob.wallet.expectPaid();
  await carol.wallet.expectArrival('10.00');
  for (const person of [alice, bob, carol]) {
    if (person !== carol) await person.wallet.done();
    await person.wallet.expectLatestFinal();
    // Sent: signed, accepted, certified, paid; received: one. And two on chain.
    await person.wallet.expectStageTimes(person === carol ? 3 : 6);
  }

  await carol.wallet.withdraw('5');
  await carol.wallet.expectLatestFinal();
  await carol.wallet.expectStageTimes(6);
  expect(await carol.wallet.readTokens()).toBe(tokens + 5_000_000n);

  await carol.wallet.sendOnTempo(recipient, '1', 'Invoice 1042');
  await carol.wallet.page.reload();
  await carol.wallet.goTempo('Send');
  await carol.wallet.expectOnTempo('transfer', 'finalized');
  await Promise.all([alice, bob, carol].map(({ context }) => context.close()));
});
