import { PATH_USD } from '@fastpay/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitForReceipt } from './receipt.ts';
import { estimateSelfSettleCost, signSelfSettle } from './self-settle.ts';
import { createOrder } from './testing/committee.fixtures.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer } from './testing/payers.fixtures.ts';
import { sendTransaction } from './transaction.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

it('lets a recipient settle what paid it together with what funded that, and keeps the fees', async () => {
  const { rpc } = lab;
  const [alice, bob, carol] = [91, 92, 93].map((seed) => createPayer('secp256k1', seed));
  if (!alice || !bob || !carol) throw new Error('three people are needed');
  await lab.fund([{ account: carol.address, amount: 2_000_000n }]);
  await lab.deposit([{ account: alice.address, amount: 10_000_000n }]);
  const toBob = createOrder({ sender: alice.address, recipient: bob.address, amount: 5_000_000n, sequence: 0n });
  const toCarol = createOrder({ sender: bob.address, recipient: carol.address, amount: 4_000_000n, sequence: 0n });
  const certificates = [await lab.certify(toBob, alice), await lab.certify(toCarol, bob)];
  const request = {
    network: { domain: lab.domain, committee: lab.committee.committee },
    asset: PATH_USD,
    certificates,
  };
  expect((await estimateSelfSettleCost(rpc, certificates)).maxCost).toBeGreaterThan(0n);
  const signed = await signSelfSettle(request, { rpc, signer: carol });
  await sendTransaction(rpc, signed);
  await waitForReceipt(rpc, signed.transactionHash);
  expect(await lab.balance(carol.address)).toBe(4_000_000n);
  expect(await lab.balance(bob.address)).toBe(1_000_000n - toCarol.fee);
});
