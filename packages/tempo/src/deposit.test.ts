import type { PayerSigner } from '@fastpay/crypto';
import { PATH_USD, toAddress, toHash, ZERO_ADDRESS } from '@fastpay/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callData } from './call-data.ts';
import { estimateDepositCost, sendDeposit, signDeposit } from './deposit.ts';
import { ethCall } from './eth-call.ts';
import type { JsonRpc } from './json-rpc.ts';
import { allowedReadMethods } from './read-methods.ts';
import { waitForReceipt } from './receipt.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer, payerKinds } from './testing/payers.fixtures.ts';
import { tokenBalance } from './tip20.ts';
import { sendTransaction } from './transaction.ts';

/** The way a wallet deposits: from a Tempo account with any key, through a proxy that lets few methods pass. */

let lab: Lab;
let methods: Set<string>;
let rpc: JsonRpc;
beforeAll(async () => {
  lab = await startLab();
  methods = new Set();
  rpc = {
    request(method, params) {
      methods.add(method);
      return lab.rpc.request(method, params);
    },
  };
});
afterAll(() => lab.stop());

let created = 0;
function newSigner(kind: (typeof payerKinds)[number] = 'secp256k1'): PayerSigner {
  created += 1;
  return createPayer(kind, created);
}
const network = () => ({ domain: lab.domain });

describe.each(payerKinds)('with a %s key', (kind) => {
  it('deposits a part, then all that gas leaves of the balance', async () => {
    const signer = newSigner(kind);
    await lab.fund([{ account: signer.address, amount: 5_000_000n }]);
    const first = { network: network(), asset: PATH_USD, amount: 1_500_000n };
    const { transactionHash } = await sendDeposit(first, { rpc, signer });
    await waitForReceipt(rpc, transactionHash);
    expect(await lab.balance(signer.address)).toBe(1_500_000n);

    const { maxCost } = await estimateDepositCost(rpc);
    const rest = (await tokenBalance(rpc, PATH_USD, signer.address)) - maxCost;
    const second = await sendDeposit({ ...first, amount: rest }, { rpc, signer });
    await waitForReceipt(rpc, second.transactionHash);
    expect(await lab.balance(signer.address)).toBe(1_500_000n + rest);
    expect(await tokenBalance(rpc, PATH_USD, signer.address)).toBeLessThanOrEqual(maxCost);
  });
});

it('is enough gas for the very first deposit of a reserve, by an account that never did anything', async () => {
  const fresh = await startLab();
  try {
    const signer = newSigner('WebAuthn');
    await fresh.fund([{ account: signer.address, amount: 5_000_000n }]);
    const request = { network: { domain: fresh.domain }, asset: PATH_USD, amount: 1n };
    const { transactionHash } = await sendDeposit(request, { rpc: fresh.rpc, signer });
    await waitForReceipt(fresh.rpc, transactionHash);
    expect(await fresh.balance(signer.address)).toBe(1n);
  } finally {
    await fresh.stop();
  }
});

it('credits another account when asked to', async () => {
  const signer = newSigner();
  const account = newSigner().address;
  await lab.fund([{ account: signer.address, amount: 5_000_000n }]);
  const { transactionHash } = await sendDeposit(
    { network: network(), asset: PATH_USD, amount: 9n, account },
    { rpc, signer },
  );
  await waitForReceipt(rpc, transactionHash);
  expect(await lab.balance(account)).toBe(9n);
  expect(await lab.balance(signer.address)).toBe(0n);
});

it('can be stored before it is sent, and sent twice', async () => {
  const signer = newSigner();
  await lab.fund([{ account: signer.address, amount: 5_000_000n }]);
  const signed = await signDeposit({ network: network(), asset: PATH_USD, amount: 9n }, { rpc, signer });
  await sendTransaction(rpc, signed);
  await sendTransaction(rpc, signed);
  await waitForReceipt(rpc, signed.transactionHash);
  expect(await lab.balance(signer.address)).toBe(9n);
});

it('leaves no allowance behind', async () => {
  const signer = newSigner();
  await lab.fund([{ account: signer.address, amount: 5_000_000n }]);
  const { transactionHash } = await sendDeposit({ network: network(), asset: PATH_USD, amount: 9n }, { rpc, signer });
  await waitForReceipt(rpc, transactionHash);
  const data = callData('allowance(address,address)', [signer.address, lab.reserve]);
  expect(BigInt(await ethCall(lab.rpc, { to: PATH_USD, data }, 'allowance'))).toBe(0n);
});

it('says what is missing before anything is signed', async () => {
  const signer = newSigner();
  await lab.fund([{ account: signer.address, amount: 1_000_000n }]);
  const { maxCost } = await estimateDepositCost(rpc);
  let signatures = 0;
  const counting: PayerSigner = {
    address: signer.address,
    sign(digest) {
      signatures += 1;
      return signer.sign(digest);
    },
  };
  const request = { network: network(), asset: PATH_USD, amount: 1_000_000n };
  await expect(sendDeposit(request, { rpc, signer: counting })).rejects.toMatchObject({
    code: 'INSUFFICIENT_FUNDS',
    facts: { missing: maxCost },
  });
  expect(signatures).toBe(0);
});

it.each([0n, -1n, 1n << 64n])('refuses to deposit %i', async (amount) => {
  const request = { network: network(), asset: PATH_USD, amount };
  await expect(sendDeposit(request, { rpc, signer: newSigner() })).rejects.toMatchObject({ code: 'INVALID_FORMAT' });
});

describe('refuses, before anything is signed,', () => {
  const refuse = async (domain: Lab['domain']) => {
    const request = { network: { domain }, asset: PATH_USD, amount: 1n };
    await expect(sendDeposit(request, { rpc, signer: newSigner() })).rejects.toMatchObject({ code: 'WRONG_RESERVE' });
  };

  it('a node of another chain', () => refuse({ ...lab.domain, chainId: 4_217n }));
  it('a reserve that is not there', () => refuse({ ...lab.domain, reserve: toAddress(`0x${'12'.repeat(20)}`) }));
  it('another network’s reserve at the same address', () =>
    refuse({ ...lab.domain, salt: toHash(`0x${'34'.repeat(32)}`) }));
});

it('reports a deposit that failed in its block, and moves nothing but gas', async () => {
  const signer = newSigner();
  await lab.fund([{ account: signer.address, amount: 5_000_000n }]);
  const held = await lab.tokens(lab.reserve);
  const request = { network: network(), asset: PATH_USD, amount: 9n, account: ZERO_ADDRESS };
  const { transactionHash } = await sendDeposit(request, { rpc, signer });
  await expect(waitForReceipt(rpc, transactionHash)).rejects.toMatchObject({ code: 'REVERTED' });
  expect(await lab.tokens(lab.reserve)).toBe(held);
});

it('called no method that a relay does not let pass', () => {
  const allowed = new Set<string>([...allowedReadMethods, 'eth_sendRawTransaction']);
  expect([...methods].filter((method) => !allowed.has(method))).toEqual([]);
  expect([...allowed].filter((method) => !methods.has(method))).toEqual([]);
  expect(allowedReadMethods).not.toContain('eth_getRawTransactionByHash');
});
