import { PATH_USD, toAddress } from '@fastpay/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXPIRING_NONCE_KEY, sendExpiring } from './expiring.ts';
import { createJsonRpc, type JsonRpc } from './json-rpc.ts';
import { devAccount } from './node/dev-account.ts';
import { startTempoNode, type TempoNode } from './node/start-tempo-node.ts';
import { waitForReceipt } from './receipt.ts';
import { encodeTransfer, tokenBalance } from './tip20.ts';
import { sendTransaction, signTransaction } from './transaction.ts';

/** What the settler leans on (ADR on transactions): run it again when the chain changes. */

let node: TempoNode;
let rpc: JsonRpc;
beforeAll(async () => {
  node = await startTempoNode({ blockTimeSeconds: 0.05 });
  rpc = createJsonRpc({ url: node.rpcUrl });
});
afterAll(() => node.stop());

const signer = devAccount(0);
const chainId = 31_337n;
const options = { chainId, feeToken: PATH_USD, gas: 1_000_000n };
const recipient = toAddress(`0x${'42'.repeat(20)}`);
const transfer = (amount: bigint) => [{ to: PATH_USD, data: encodeTransfer(recipient, amount) }];
const received = () => tokenBalance(rpc, PATH_USD, recipient);
const timestamp = async () => {
  const block = (await rpc.request('eth_getBlockByNumber', ['latest', false])) as { timestamp: string };
  return BigInt(block.timestamp);
};

let marker = 1_000n;
/** Once a later one is in a block, those before have had their chance. Equal ones within a second are one. */
async function sendMarker(): Promise<void> {
  marker += 1n;
  const { transactionHash } = await sendExpiring(transfer(marker), options, { rpc, signer });
  await waitForReceipt(rpc, transactionHash);
}

it('includes many at once from one account, none waiting for another', async () => {
  const before = await received();
  const sent = await Promise.all(
    [1n, 2n, 3n, 4n].map((amount) => sendExpiring(transfer(amount), options, { rpc, signer })),
  );
  await Promise.all(sent.map(({ transactionHash }) => waitForReceipt(rpc, transactionHash)));
  expect(new Set(sent.map(({ transactionHash }) => transactionHash)).size).toBe(4);
  expect(await received()).toBe(before + 10n);
});

it('is not blocked by one that the chain will never take', async () => {
  const stuck = { chainId, calls: transfer(1n), gas: 1_000_000n, maxFeePerGas: 1n, feeToken: PATH_USD };
  const signed = await signTransaction(
    { ...stuck, nonceKey: EXPIRING_NONCE_KEY, nonce: 0n, validBefore: (await timestamp()) + 25n },
    signer,
  );
  await sendTransaction(rpc, signed).catch(() => undefined);
  await sendMarker();
});

it('takes two equal ones of the same second for one', async () => {
  const send = () => sendExpiring(transfer(5n), options, { rpc, signer });
  let pair = await Promise.all([send(), send()]);
  // Unless a second went by between the two.
  while (pair[0].validBefore !== pair[1].validBefore) pair = await Promise.all([send(), send()]);
  expect(pair[1].transactionHash).toBe(pair[0].transactionHash);
  await waitForReceipt(rpc, pair[0].transactionHash);
});

it('pays once, however often the same bytes are sent', async () => {
  const before = await received();
  const signed = await signTransaction(
    {
      ...{ chainId, calls: transfer(7n), gas: 1_000_000n, maxFeePerGas: 20_000_000_000n, feeToken: PATH_USD },
      ...{ nonceKey: EXPIRING_NONCE_KEY, nonce: 0n, validBefore: (await timestamp()) + 25n },
    },
    signer,
  );
  await sendTransaction(rpc, signed);
  await waitForReceipt(rpc, signed.transactionHash);
  await sendTransaction(rpc, signed).catch(() => undefined);
  await sendMarker();
  expect(await received()).toBe(before + 7n + marker);
});

it.each([
  ['after its time', async () => (await timestamp()) - 1n],
  ['with a life of more than 30 s', async () => (await timestamp()) + 120n],
])('is never included %s', async (_, validBefore) => {
  const before = await received();
  const signed = await signTransaction(
    {
      ...{ chainId, calls: transfer(9n), gas: 1_000_000n, maxFeePerGas: 20_000_000_000n, feeToken: PATH_USD },
      ...{ nonceKey: EXPIRING_NONCE_KEY, nonce: 0n, validBefore: await validBefore() },
    },
    signer,
  );
  // Some nodes refuse it, some answer with a hash and drop it.
  await sendTransaction(rpc, signed).catch(() => undefined);
  await sendMarker();
  expect(await received()).toBe(before + marker);
});
