import { PATH_USD, toAddress, toHash, ZERO_ADDRESS } from '@fastpay/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitForReceipt } from './receipt.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer, payerKinds } from './testing/payers.fixtures.ts';
import { tokenBalance } from './tip20.ts';
import { sendTransaction } from './transaction.ts';
import { estimateTransferCost, signTransfer } from './transfer.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

const recipient = toAddress(`0x${'5a'.repeat(20)}`);

describe.each(payerKinds)('with a %s key', (kind) => {
  it('sends tokens to a holder that is new, with and without a memo', async () => {
    const { rpc } = lab;
    const signer = createPayer(kind, 71);
    await lab.fund([{ account: signer.address, amount: 5_000_000n }]);
    const before = await tokenBalance(rpc, PATH_USD, recipient);
    const request = { network: { domain: lab.domain }, asset: PATH_USD, recipient, amount: 1_000_000n };
    for (const memo of [undefined, toHash(`0x${'0b'.repeat(32)}`)]) {
      const signed = await signTransfer({ ...request, ...(memo && { memo }) }, { rpc, signer });
      await sendTransaction(rpc, signed);
      await waitForReceipt(rpc, signed.transactionHash);
    }
    expect(await tokenBalance(rpc, PATH_USD, recipient)).toBe(before + 2_000_000n);
  });
});

it('is refused before anything is signed where tokens would be lost, or are missing', async () => {
  const { rpc } = lab;
  const signer = createPayer('secp256k1', 72);
  await lab.fund([{ account: signer.address, amount: 1_000_000n }]);
  const request = { network: { domain: lab.domain }, asset: PATH_USD, recipient, amount: 1n };
  for (const lost of [ZERO_ADDRESS, lab.domain.reserve, PATH_USD]) {
    await expect(async () => signTransfer({ ...request, recipient: lost }, { rpc, signer })).rejects.toMatchObject({
      code: 'INVALID_FORMAT',
    });
  }
  const { maxCost } = await estimateTransferCost(rpc);
  const amount = 1_000_001n - maxCost;
  await expect(signTransfer({ ...request, amount }, { rpc, signer })).rejects.toMatchObject({
    code: 'INSUFFICIENT_FUNDS',
    facts: { missing: 1n },
  });
});
