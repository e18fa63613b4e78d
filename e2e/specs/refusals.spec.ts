import type { Hex } from 'viem';
import type { DevnetUnderTest } from '../fixtures/devnet.ts';
import { fund } from '../fixtures/funds.ts';
import {
  createGenericWallet,
  type GenericNetwork,
  type GenericOrder,
  type GenericSignedOrder,
  type GenericWallet,
  readGenericNetwork,
  validOrder,
} from '../fixtures/generic-wallet.ts';
import { connectPlainGrpc, toMessage } from '../fixtures/plain-grpc.ts';
import { paymentBody, readAccount, rest } from '../fixtures/relay-rest.ts';
import { expect, programTest as test } from '../fixtures/test.ts';

/** Every bad input: the right code at the relay's REST face and at a sidecar's gRPC, and nothing changes. */

const FUNDS = 10_000_000n;
const DAY_SECONDS = 86_400n;
const now = () => BigInt(Math.floor(Date.now() / 1_000));

interface Scene {
  readonly network: GenericNetwork;
  readonly payer: GenericWallet;
  readonly recipient: Hex;
  /** A valid order with some fields changed before it is signed. */
  sign(fields?: Partial<GenericOrder>): Promise<GenericSignedOrder>;
}

async function setScene(devnet: DevnetUnderTest): Promise<Scene> {
  const network = readGenericNetwork(devnet.runtime.networkFile);
  const payer = createGenericWallet();
  const recipient = createGenericWallet().address;
  await fund(devnet, [payer.address], FUNDS);
  const sign = (fields: Partial<GenericOrder> = {}) =>
    payer.sign(validOrder(network, { sender: payer.address, recipient, ...fields }), network.domain);
  return { network, payer, recipient, sign };
}

/** One nibble of a byte in the middle of r. */
function damaged(signature: Hex): Hex {
  const digit = signature[20] === '0' ? '1' : '0';
  return `${signature.slice(0, 20)}${digit}${signature.slice(21)}` as Hex;
}

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The other signature that the same key and digest allow: s is above half of the order. */
function withHighS(signature: Hex): Hex {
  const s = CURVE_ORDER - BigInt(`0x${signature.slice(66, 130)}`);
  const v = signature.endsWith('1b') ? '1c' : '1b';
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}` as Hex;
}

type Make = (scene: Scene) => Promise<GenericSignedOrder>;

const refusals: readonly (readonly [what: string, code: string, make: Make])[] = [
  [
    'signed for another network',
    'INVALID_SIGNATURE',
    ({ network, payer, recipient }) =>
      payer.sign(validOrder(network, { sender: payer.address, recipient }), {
        ...network.domain,
        salt: `0x${'01'.repeat(32)}`,
      }),
  ],
  [
    'signed for another chain',
    'INVALID_SIGNATURE',
    ({ network, payer, recipient }) =>
      payer.sign(validOrder(network, { sender: payer.address, recipient }), { ...network.domain, chainId: 1 }),
  ],
  [
    'a damaged signature',
    'INVALID_SIGNATURE',
    async ({ sign }) => {
      const signed = await sign();
      return { ...signed, payerSignature: damaged(signed.payerSignature) };
    },
  ],
  [
    'the second form of a signature',
    'INVALID_SIGNATURE',
    async ({ sign }) => {
      const signed = await sign();
      return { ...signed, payerSignature: withHighS(signed.payerSignature) };
    },
  ],
  [
    'signed by somebody else',
    'INVALID_SIGNATURE',
    ({ network, payer, recipient }) =>
      createGenericWallet().sign(validOrder(network, { sender: payer.address, recipient }), network.domain),
  ],
  [
    'an amount altered after signing',
    'INVALID_SIGNATURE',
    async ({ sign }) => {
      const signed = await sign({ amount: 1_000_000n });
      return { ...signed, order: { ...signed.order, amount: 1_000_001n } };
    },
  ],
  [
    'a recipient altered after signing',
    'INVALID_SIGNATURE',
    async ({ sign }) => {
      const signed = await sign();
      return { ...signed, order: { ...signed.order, recipient: createGenericWallet().address } };
    },
  ],
  ['more than the account holds', 'INSUFFICIENT_FUNDS', ({ sign }) => sign({ amount: FUNDS })],
  [
    'all that the account holds, and the fee on top',
    'INSUFFICIENT_FUNDS',
    ({ sign, network }) => sign({ amount: FUNDS - network.fee + 1n }),
  ],
  ['a sequence that is not its turn yet', 'MISSING_PREDECESSOR', ({ sign }) => sign({ sequence: 3n })],
  ['an expired order', 'EXPIRED', ({ sign }) => sign({ validUntil: now() - 1n })],
  ['an order that lives too long', 'EXPIRED', ({ sign }) => sign({ validUntil: now() + DAY_SECONDS + 600n })],
  ['no fee', 'FEE_TOO_LOW', ({ sign }) => sign({ fee: 0n })],
  ['no surcharge for a new recipient', 'FEE_TOO_LOW', ({ sign }) => sign({ fee: 2_000n })],
  ['nothing', 'INVALID_FORMAT', ({ sign }) => sign({ amount: 0n })],
  ['more than 64 bits with the fee', 'INVALID_FORMAT', ({ sign }) => sign({ amount: (1n << 64n) - 1n })],
  ['itself as recipient', 'INVALID_FORMAT', ({ sign, payer }) => sign({ recipient: payer.address })],
  ['nobody as recipient', 'INVALID_FORMAT', ({ sign }) => sign({ recipient: `0x${'00'.repeat(20)}` })],
  ['a token as recipient', 'INVALID_FORMAT', ({ sign, network }) => sign({ recipient: network.asset })],
  [
    'an asset that the network does not list',
    'NOT_PAYMENT',
    ({ sign }) => sign({ asset: '0x20c0000000000000000000000000000000000009' }),
  ],
  ['an asset that is no token', 'NOT_PAYMENT', ({ sign }) => sign({ asset: `0x${'11'.repeat(20)}` })],
  ['a parent that nobody knows', 'MISSING_PARENT', ({ sign }) => sign({ parents: [`0x${'ab'.repeat(32)}`] })],
  [
    'the same parent twice',
    'INVALID_FORMAT',
    ({ sign }) => sign({ parents: [`0x${'ab'.repeat(32)}`, `0x${'ab'.repeat(32)}`] }),
  ],
];

test.describe('refused with the right code and without a trace', () => {
  let scene: Scene;
  test.beforeAll(async ({ devnet }) => {
    scene = await setScene(devnet);
  });

  for (const [what, code, make] of refusals) {
    test(`${what}: ${code}`, async ({ devnet }) => {
      const { asset } = scene.network;
      const before = await readAccount(devnet.relayUrl, scene.payer.address, asset);
      const signed = await make(scene);

      const overRest = await rest(devnet.relayUrl, 'POST', '/v1/payments', paymentBody(signed));
      expect(overRest.body).toMatchObject({ code, money: expect.any(String), action: expect.any(String) });
      expect(overRest.contentType).toContain('application/problem+json');
      expect(overRest.status).toBeGreaterThanOrEqual(400);

      for (const { url } of devnet.runtime.validators) {
        const validator = connectPlainGrpc(url);
        expect(await validator.call('SubmitOrder', { signedOrder: toMessage(signed) })).toMatchObject({ code });
        validator.close();
      }

      expect(await readAccount(devnet.relayUrl, scene.payer.address, asset)).toEqual(before);
      expect(before.quorum).toEqual({ balance: String(FUNDS), next: '0' });
    });
  }
});

test('a slot that holds a payment refuses another and shows the certificate of what it holds', async ({ devnet }) => {
  const { network, payer, sign } = await setScene(devnet);
  const first = await sign();
  const paid = await rest(devnet.relayUrl, 'POST', '/v1/payments', paymentBody(first));
  expect(paid).toMatchObject({
    status: 200,
    body: { transactionHash: first.transactionHash, stage: 'QUEUED_ONCHAIN' },
  });
  await expect
    .poll(async () =>
      (await readAccount(devnet.relayUrl, payer.address, network.asset)).statements.map(({ next }) => next),
    )
    .toEqual(['1', '1', '1', '1']);
  const after = await readAccount(devnet.relayUrl, payer.address, network.asset);

  const second = await sign({ amount: 2_000_000n });
  const refused = await rest(devnet.relayUrl, 'POST', '/v1/payments', paymentBody(second));
  expect(refused.body).toMatchObject({
    code: 'SEQUENCE_TOO_LOW',
    facts: { commitCertificate: { value: first.transactionHash } },
  });
  for (const { url } of devnet.runtime.validators) {
    const validator = connectPlainGrpc(url);
    expect(await validator.call('SubmitOrder', { signedOrder: toMessage(second) })).toMatchObject({
      code: 'SEQUENCE_TOO_LOW',
    });
    validator.close();
  }
  expect(await readAccount(devnet.relayUrl, payer.address, network.asset)).toEqual(after);

  // The very same bytes are no second payment but the same one: the answer is its certificate.
  const again = await rest(devnet.relayUrl, 'POST', '/v1/payments', paymentBody(first));
  expect(again).toMatchObject({ status: 200, body: { transactionHash: first.transactionHash } });
  expect(await readAccount(devnet.relayUrl, payer.address, network.asset)).toEqual(after);
});

test('a second order for a slot that is voted on is refused, and the first can still be finished', async ({
  devnet,
}) => {
  const { network, payer, sign } = await setScene(devnet);
  const first = await sign();
  const second = await sign({ amount: 2_000_000n });
  const [{ url } = { url: '' }] = devnet.runtime.validators;
  const validator = connectPlainGrpc(url);
  expect(await validator.call('SubmitOrder', { signedOrder: toMessage(first) })).toMatchObject({
    answer: { vote: {} },
  });
  const state = await readAccount(devnet.relayUrl, payer.address, network.asset);
  expect(await validator.call('SubmitOrder', { signedOrder: toMessage(second) })).toMatchObject({
    code: 'EQUIVOCATION',
  });
  expect(await readAccount(devnet.relayUrl, payer.address, network.asset)).toEqual(state);
  validator.close();

  const paid = await rest(devnet.relayUrl, 'POST', '/v1/payments', paymentBody(first));
  expect(paid).toMatchObject({ status: 200, body: { stage: 'QUEUED_ONCHAIN' } });
});

test('a commit certificate that was altered is taken by nobody', async ({ devnet }) => {
  const { network, payer, recipient, sign } = await setScene(devnet);
  const signed = await sign();
  const paid = await rest(devnet.relayUrl, 'POST', '/v1/payments', paymentBody(signed));
  const certificate = paid.body.commitCertificate as { signedOrder: { order: Record<string, unknown> } };
  const before = await readAccount(devnet.relayUrl, recipient, network.asset);

  const richer = structuredClone(certificate);
  richer.signedOrder.order.amount = '9000000';
  const forged = await rest(devnet.relayUrl, 'POST', '/v1/certificates', JSON.stringify({ certificate: richer }));
  expect(forged.status).toBeGreaterThanOrEqual(400);
  expect(['INVALID_CERTIFICATE', 'INVALID_FORMAT']).toContain(forged.body.code);

  const fewer = structuredClone(certificate) as unknown as { signatures: unknown[] };
  fewer.signatures = fewer.signatures.slice(0, 2);
  const tooFew = await rest(devnet.relayUrl, 'POST', '/v1/certificates', JSON.stringify({ certificate: fewer }));
  expect(tooFew.body).toMatchObject({ code: 'INVALID_CERTIFICATE' });

  expect(await readAccount(devnet.relayUrl, recipient, network.asset)).toEqual(before);
  await expect
    .poll(async () => (await readAccount(devnet.relayUrl, payer.address, network.asset)).quorum?.next)
    .toBe('1');
});

test.describe('garbage', () => {
  const bodies = [
    '',
    '{',
    'null',
    '[]',
    '{"signedOrder":{}}',
    '{"signedOrder":{"order":7,"payerSignature":"0x"}}',
    `"${'x'.repeat(400_000)}"`,
  ];

  for (const body of bodies) {
    test(`REST body ${body.slice(0, 40) || 'of nothing'} is a problem, and the relay lives on`, async ({ devnet }) => {
      const answer = await rest(devnet.relayUrl, 'POST', '/v1/payments', body);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.contentType).toContain('application/problem+json');
      expect((await rest(devnet.relayUrl, 'GET', '/v1/chain')).status).toBe(200);
    });
  }

  test('bytes that are no message are refused by a validator, which lives on', async ({ devnet }) => {
    const [{ url } = { url: '' }] = devnet.runtime.validators;
    const validator = connectPlainGrpc(url);
    const garbage = [
      Buffer.from('garbage'),
      Buffer.alloc(1_000, 0xff),
      Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f]),
      Buffer.alloc(0),
      Buffer.alloc(300_000, 0x0a),
    ];
    for (const method of [
      'SubmitOrder',
      'SubmitQuorumCertificate',
      'SubmitCommitCertificate',
      'GetPayment',
      'GetAccount',
    ]) {
      for (const bytes of garbage) {
        const outcome = await validator.callRaw(method, bytes);
        expect(outcome, `${method} ${bytes.length} bytes`).toHaveProperty('status');
        expect(outcome, `${method} ${bytes.length} bytes`).not.toMatchObject({ status: 'UNKNOWN' });
      }
    }
    expect(await validator.call('GetChainHead', {})).toHaveProperty('answer');
    validator.close();
  });

  test('truncated and extended orders are refused', async ({ devnet }) => {
    const { network, payer, sign } = await setScene(devnet);
    const signed = await sign();
    const [{ url } = { url: '' }] = devnet.runtime.validators;
    const validator = connectPlainGrpc(url);
    const message = toMessage(signed) as { order: { sender: Buffer; memo: Buffer }; payerSignature: Buffer };
    const variants = [
      { ...message, payerSignature: message.payerSignature.subarray(0, 64) },
      { ...message, payerSignature: Buffer.concat([message.payerSignature, Buffer.alloc(1)]) },
      { ...message, payerSignature: Buffer.alloc(5_000) },
      { ...message, order: { ...message.order, sender: message.order.sender.subarray(1) } },
      { ...message, order: { ...message.order, memo: Buffer.alloc(33) } },
      { ...message, order: undefined },
    ];
    for (const signedOrder of variants) {
      const outcome = await validator.call('SubmitOrder', { signedOrder });
      expect(['INVALID_FORMAT', 'INVALID_SIGNATURE']).toContain('code' in outcome ? outcome.code : undefined);
    }
    validator.close();
    expect((await readAccount(devnet.relayUrl, payer.address, network.asset)).quorum).toEqual({
      balance: String(FUNDS),
      next: '0',
    });
  });
});
