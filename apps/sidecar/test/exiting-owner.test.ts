import './support/patience.ts';
import {
  PATH_USD,
  type PaymentOrder,
  type SignedOrder,
  SKIP,
  slotOf,
  toAddress,
  toAmount,
  toSequence,
  transactionHashIn,
  ZERO_HASH,
} from '@fastpay/protocol';
import { commitCertificateFromProto, slotToProto, submitOrderRequestToProto } from '@fastpay/rpc';
import { createJsonRpc, createTempoReserveWriter } from '@fastpay/tempo';
import { devAccount } from '@fastpay/tempo/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitForBalance } from './support/balance.ts';
import { createConnectClient } from './support/connect.ts';
import { freePort } from './support/free-port.ts';
import { createGrpcClient } from './support/grpc.ts';
import { type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

const names = ['Dave', 'Edgar', 'Frank', 'Grace'];
const owner = devAccount(3);
let net: TestNetwork;
let sidecars: SidecarProcess[] = [];

beforeAll(async () => {
  net = await createTestNetwork({ names });
  // Fixed, since they have to know each other before they start.
  const free = new Set<number>();
  while (free.size < names.length) free.add(await freePort());
  const ports = [...free];
  const peers = names.map((name, index) => `${name}=http://127.0.0.1:${ports[index]}`).join(',');
  sidecars = await Promise.all(
    names.map((name, index) =>
      startSidecarProcess(net.configFile(name), {
        flags: ['--listen.port', String(ports[index]), '--peers', peers],
      }),
    ),
  );
  await net.deposit(owner.address, 100_000_000n);
  for (const { url } of sidecars) {
    const client = await createGrpcClient(url);
    await waitForBalance(client, owner.address, PATH_USD, 100_000_000n);
    client.close();
  }
});
afterAll(async () => {
  await Promise.all(sidecars.map((sidecar) => sidecar.stop()));
  await net?.stop();
});

async function orderTo(recipient: `0x${string}`): Promise<SignedOrder> {
  const order: PaymentOrder = {
    kind: 0,
    sender: owner.address,
    recipient: toAddress(recipient),
    asset: PATH_USD,
    amount: toAmount(1n),
    fee: toAmount(10_000n),
    sequence: toSequence(0n),
    validUntil: BigInt(Math.floor(Date.now() / 1_000) + 600),
    memo: ZERO_HASH,
    parents: [],
  };
  return { order, payerSignature: await owner.sign(transactionHashIn(order, net.network.domain)) };
}

it('an owner who signed two orders and leaves has the slot closed by the validators, and no payment is made', async () => {
  const orders = await Promise.all([orderTo(`0x${'b0'.repeat(20)}`), orderTo(`0x${'c0'.repeat(20)}`)]);
  for (const [index, { url }] of sidecars.entries()) {
    const signedOrder = orders[index < 2 ? 0 : 1];
    if (!signedOrder) throw new Error('two orders expected');
    await createConnectClient(url).submitOrder(submitOrderRequestToProto({ signedOrder, attachments: [] }));
  }
  const { domain, committee } = net.network;
  const rpc = createJsonRpc({ url: net.node.rpcUrl });
  const reserve = createTempoReserveWriter({ domain, committee, feeToken: PATH_USD }, { rpc, signer: owner });
  await reserve.submit({ type: 'requestExit', asset: PATH_USD });

  const [first] = orders;
  if (!first) throw new Error('an order expected');
  const slot = slotToProto(slotOf(first.order));
  for (const { url } of sidecars) {
    const client = createConnectClient(url);
    const held = async () => (await client.getResolution({ slot })).commitCertificate;
    await expect.poll(held, { timeout: 90_000, interval: 100 }).toBeDefined();
    const certificate = commitCertificateFromProto(await held());
    expect(certificate.value).toBe(SKIP);
    expect(certificate.round).toBeGreaterThanOrEqual(2 ** 31);
  }
});
