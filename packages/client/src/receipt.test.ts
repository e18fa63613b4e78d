import { createPortableEngine } from '@fastpay/crypto';
import { toAmount, toSequence } from '@fastpay/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeReceipt, verifyReceipt } from './receipt.ts';
import { createEvidence } from './testing/evidence.fixtures.ts';
import { createTestNetwork } from './testing/network.fixtures.ts';

const testNetwork = createTestNetwork();
const { network } = testNetwork;
const evidence = createEvidence(testNetwork);
const engine = createPortableEngine();

const certificateAt = async (sequence: bigint) =>
  evidence.certificate((await evidence.order({ sequence: toSequence(sequence) })).signedOrder);

test('a receipt proves its payments to someone who has only the network', async () => {
  const certificates = [await certificateAt(0n), await certificateAt(1n)];
  const text = encodeReceipt(certificates);
  expect(text).toMatch(/^[\w-]+$/);
  expect(await verifyReceipt(` ${text}\n`, network, engine)).toEqual(certificates);
});

test('a receipt of another network proves nothing', async () => {
  const text = encodeReceipt([await certificateAt(0n)]);
  const other = createTestNetwork({ seed: 'other' }).network;
  await expect(verifyReceipt(text, other, engine)).rejects.toMatchObject({ code: 'INVALID_CERTIFICATE' });
});

test('a receipt with a larger amount proves nothing', async () => {
  const { signedOrder } = await evidence.order();
  const certificate = await evidence.certificate(signedOrder);
  const order = { ...signedOrder.order, amount: toAmount(99_000_000n) };
  const text = encodeReceipt([{ ...certificate, signedOrder: { ...signedOrder, order } }]);
  await expect(verifyReceipt(text, network, engine)).rejects.toMatchObject({ code: 'INVALID_CERTIFICATE' });
});

test.each(['', 'AQ', 'Ag', 'AQAB', 'AQAA', 'AQ==', 'not base64!', 'A'])('%j is no receipt', async (text) => {
  await expect(verifyReceipt(text, network, engine)).rejects.toMatchObject({ code: 'INVALID_FORMAT' });
});

test('a text too long for any receipt is refused before it is read', async () => {
  const long = `AQ${'A'.repeat(50_000_000)}`;
  const start = performance.now();
  await expect(verifyReceipt(long, network, engine)).rejects.toMatchObject({
    code: 'INVALID_FORMAT',
    message: expect.stringContaining('too long'),
  });
  expect(performance.now() - start).toBeLessThan(500);
});

test('a receipt has one spelling', async () => {
  const certificates = [await certificateAt(0n), await certificateAt(1n), await certificateAt(2n)];
  const good = [1, 2, 3].map((count) => encodeReceipt(certificates.slice(0, count))).find((text) => text.length % 4);
  if (good === undefined) throw new Error('no receipt here ends within a group of letters');
  const last = good.at(-1) ?? '';
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  // The lowest bits of the last letter lie beyond the last byte.
  const other = good.slice(0, -1) + alphabet.charAt(alphabet.indexOf(last) ^ 1);
  await expect(verifyReceipt(other, network, engine)).rejects.toMatchObject({ code: 'INVALID_FORMAT' });
});

test('no text makes the reader fail in another way', async () => {
  const good = encodeReceipt([await certificateAt(0n)]);
  const cut = fc.nat({ max: good.length }).map((length) => good.slice(0, length));
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.base64String(), fc.string(), cut), async (text) => {
      fc.pre(text !== good);
      await expect(verifyReceipt(text, network, engine)).rejects.toMatchObject({ name: 'RejectError' });
    }),
  );
});

test('an empty receipt is not made', () => {
  expect(() => encodeReceipt([])).toThrow(RangeError);
});
