import type { PayerSigner } from '@fastpay/crypto';
import { type Hash, PATH_USD, toAddress, toHash } from '@fastpay/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxTransactionCost } from './fees.ts';
import { createJsonRpc, type JsonRpc } from './json-rpc.ts';
import { devAccount } from './node/dev-account.ts';
import { startTempoNode, type TempoNode } from './node/start-tempo-node.ts';
import { waitForReceipt } from './receipt.ts';
import { sendCalls } from './send-calls.ts';
import { createPayer, payerKinds } from './testing/payers.fixtures.ts';
import { encodeTransfer, tokenBalance } from './tip20.ts';
import { chainIdOf, sendTransaction, signTransaction, type TempoTransaction, transactionCount } from './transaction.ts';

let node: TempoNode;
let rpc: JsonRpc;
beforeAll(async () => {
  node = await startTempoNode({ blockTimeSeconds: 0.05 });
  rpc = createJsonRpc({ url: node.rpcUrl });
});
afterAll(() => node.stop());

const treasury = devAccount(0);
let recipients = 0;
function newRecipient() {
  recipients += 1;
  return toAddress(`0x${recipients.toString(16).padStart(40, '9')}`);
}

async function transfer(signer: PayerSigner, changes: Partial<TempoTransaction> = {}): Promise<TempoTransaction> {
  return {
    chainId: await chainIdOf(rpc),
    calls: [{ to: PATH_USD, data: encodeTransfer(newRecipient(), 5n) }],
    gas: 1_000_000n,
    maxFeePerGas: 20_000_000_000n,
    nonceKey: 0n,
    nonce: await transactionCount(rpc, signer.address),
    feeToken: PATH_USD,
    ...changes,
  };
}

describe.each(payerKinds)('a %s account', (kind) => {
  it('signs transactions that the chain takes, under the hash known beforehand', async () => {
    const signer = createPayer(kind, 7 + payerKinds.indexOf(kind));
    const fund = { to: PATH_USD, data: encodeTransfer(signer.address, 1_000_000n) };
    await sendCalls([fund], { feeToken: PATH_USD, gas: 1_000_000n }, { rpc, signer: treasury });
    const transaction = await transfer(signer);
    const signed = await signTransaction(transaction, signer);
    expect(await sendTransaction(rpc, signed)).toBe(signed.transactionHash);
    const receipt = await waitForReceipt(rpc, signed.transactionHash);
    expect(receipt.transactionHash).toBe(signed.transactionHash);
    expect(await tokenBalance(rpc, PATH_USD, signer.address)).toBeLessThan(1_000_000n - 5n);
    const cost = maxTransactionCost(transaction.gas, transaction.maxFeePerGas);
    expect(await tokenBalance(rpc, PATH_USD, signer.address)).toBeGreaterThanOrEqual(1_000_000n - 5n - cost);
  });
});

it('runs all calls or none', async () => {
  const recipient = newRecipient();
  const calls = [
    { to: PATH_USD, data: encodeTransfer(recipient, 5n) },
    { to: PATH_USD, data: encodeTransfer(recipient, 1n << 80n) },
  ];
  const sent = sendCalls(calls, { feeToken: PATH_USD, gas: 2_000_000n }, { rpc, signer: treasury });
  await expect(sent).rejects.toMatchObject({ code: 'REVERTED', facts: { transactionHash: expect.any(String) } });
  expect(await tokenBalance(rpc, PATH_USD, recipient)).toBe(0n);
});

it('takes the same bytes sent again, before and after they are in a block, as one payment', async () => {
  const signed = await signTransaction(await transfer(treasury), treasury);
  await sendTransaction(rpc, signed);
  expect(await sendTransaction(rpc, signed)).toBe(signed.transactionHash);
  await waitForReceipt(rpc, signed.transactionHash);
  const count = await transactionCount(rpc, treasury.address);
  const again = await sendTransaction(rpc, signed).catch((error: unknown) => error);
  // A node may have forgotten the bytes; what it says then never hides which transaction it speaks of.
  if (again !== signed.transactionHash) {
    expect(again).toMatchObject({ code: 'REFUSED', facts: { transactionHash: signed.transactionHash } });
  }
  expect(await transactionCount(rpc, treasury.address)).toBe(count);
});

it('names a transaction that the node refuses', async () => {
  const signed = await signTransaction(await transfer(treasury, { chainId: 1n }), treasury);
  await expect(sendTransaction(rpc, signed)).rejects.toMatchObject({
    code: 'REFUSED',
    facts: { transactionHash: signed.transactionHash },
  });
});

it('is not fooled by a node that accepts and drops: no receipt is no inclusion', async () => {
  // A gap in a lane of its own: accepted with a hash, never included.
  const signed = await signTransaction(await transfer(treasury, { nonceKey: 77n, nonce: 5n }), treasury);
  await sendTransaction(rpc, signed);
  await expect(waitForReceipt(rpc, signed.transactionHash, { timeoutMs: 500, pollMs: 50 })).rejects.toMatchObject({
    code: 'NOT_INCLUDED',
    facts: { transactionHash: signed.transactionHash },
  });
});

it('uses another nonce lane only with an explicit nonce', async () => {
  const call = { to: PATH_USD, data: encodeTransfer(newRecipient(), 5n) };
  const options = { feeToken: PATH_USD, gas: 1_000_000n, nonceKey: 9n };
  await expect(sendCalls([call], options, { rpc, signer: treasury })).rejects.toThrow(RangeError);
  await sendCalls([call], { ...options, nonce: 0n }, { rpc, signer: treasury });
  await sendCalls([call], { ...options, nonce: 1n }, { rpc, signer: treasury });
});

it.each([
  [
    'in another encoding',
    (signature: Uint8Array) => new Uint8Array([...signature.slice(0, 64), (signature[64] ?? 0) - 27]),
  ],
  ['of no kind', () => new Uint8Array(70).fill(9)],
])('refuses to send a signature %s', async (_, change) => {
  const signer: PayerSigner = {
    address: treasury.address,
    sign: async (digest: Hash) => change(await treasury.sign(digest)),
  };
  await expect(transfer(treasury).then((transaction) => signTransaction(transaction, signer))).rejects.toThrow();
});

it('stops waiting for a receipt when told to', async () => {
  const controller = new AbortController();
  const waiting = waitForReceipt(rpc, toHash(`0x${'01'.repeat(32)}`), { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

it('waits through passing trouble, and reports it in the end', async () => {
  let calls = 0;
  const flaky: JsonRpc = {
    request(method, params) {
      calls += 1;
      return calls === 1
        ? createJsonRpc({ url: 'http://127.0.0.1:1' }).request(method, params)
        : rpc.request(method, params);
    },
  };
  const signed = await signTransaction(await transfer(treasury), treasury);
  await sendTransaction(rpc, signed);
  expect((await waitForReceipt(flaky, signed.transactionHash)).transactionHash).toBe(signed.transactionHash);

  const dead = createJsonRpc({ url: 'http://127.0.0.1:1' });
  await expect(waitForReceipt(dead, signed.transactionHash, { timeoutMs: 200, pollMs: 20 })).rejects.toMatchObject({
    code: 'NOT_INCLUDED',
    cause: { code: 'UNREACHABLE' },
  });
});

it('rounds the cost of gas up to whole base units', () => {
  expect(maxTransactionCost(1n, 1n)).toBe(1n);
  expect(maxTransactionCost(1_000_000n, 20_000_000_000n)).toBe(20_000n);
  expect(maxTransactionCost(1_000_001n, 20_000_000_000n)).toBe(20_001n);
});
