import { createPortableEngine, verifyPayerSignature } from '@fastpay/crypto';
import { toHash } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { deriveAccount } from './account.ts';
import { checkPhrase } from './phrase/phrase.ts';

const phrase = () => checkPhrase(`${'test '.repeat(11)}junk`);

/** Known addresses of the well-known development phrase at m/44'/60'/0'/0/i. */
test.each([
  [0, '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'],
  [1, '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'],
  [9, '0xa0ee7a142d267c1f36714e4a8f75612f20a79720'],
])('account %d has the address that other wallets derive', async (index, address) => {
  expect((await deriveAccount(await phrase(), index)).address).toBe(address);
});

test('the signer still signs rightly after the key material was wiped', async () => {
  const signer = await deriveAccount(await phrase());
  const digest = toHash(`0x${'5a'.repeat(32)}`);
  const signature = await signer.sign(digest);
  expect(await verifyPayerSignature(createPortableEngine(), digest, signature, signer.address)).toBe(true);
  expect(await signer.sign(digest)).toEqual(signature);
});

test.each([-1, 0.5, 2 ** 31, Number.NaN])('index %d is refused', async (index) => {
  await expect(deriveAccount(await phrase(), index)).rejects.toThrow(RangeError);
});
