import { PATH_USD } from '@fastpay/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sendDeposit } from './deposit.ts';
import { encodeExit, encodeRequestExit } from './exit.ts';
import { waitForReceipt } from './receipt.ts';
import { reserveAccount } from './reserve-account.ts';
import { signCalls } from './sign-calls.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer } from './testing/payers.fixtures.ts';
import { sendTransaction } from './transaction.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

it('tells a wallet what its account has, and when it may leave', async () => {
  const { rpc } = lab;
  const { reserve } = lab.domain;
  const network = { domain: lab.domain };
  const signer = createPayer('P-256', 81);
  const account = { owner: signer.address, asset: PATH_USD };
  await lab.fund([{ account: signer.address, amount: 9_000_000n }]);
  const before = await reserveAccount(rpc, reserve, account);
  expect(before).toEqual({ balance: 0n, owed: 0n, exitDelaySeconds: before.exitDelaySeconds });

  const deposited = await sendDeposit({ network, asset: PATH_USD, amount: 2_000_000n }, { rpc, signer });
  await waitForReceipt(rpc, deposited.transactionHash);
  const calls = [{ to: reserve, data: encodeRequestExit(PATH_USD) }];
  const request = { network, asset: PATH_USD, gas: 600_000n, spends: 0n };
  const signed = await signCalls({ ...request, calls }, { rpc, signer });
  await sendTransaction(rpc, signed);
  await waitForReceipt(rpc, signed.transactionHash);
  const requested = await reserveAccount(rpc, reserve, account);
  expect(requested.balance).toBe(2_000_000n);
  expect(requested.exitReadyAt).toBeGreaterThan(0n);

  const early = await signCalls({ ...request, calls: [{ to: reserve, data: encodeExit(PATH_USD) }] }, { rpc, signer });
  await sendTransaction(rpc, early);
  await expect(waitForReceipt(rpc, early.transactionHash)).rejects.toMatchObject({ code: 'REVERTED' });
});
