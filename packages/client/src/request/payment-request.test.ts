import { addressFromBytes, hashFromBytes, MAX_U64, PATH_USD, toAddress, toAmount, toHash } from '@fastpay/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networkId } from '../network-id.ts';
import { checksummed, parseAddress } from './address-text.ts';
import {
  decodePaymentRequest,
  encodePaymentLink,
  encodePaymentRequest,
  type PaymentRequest,
} from './payment-request.ts';

const reserve = toAddress(`0x${'11'.repeat(20)}`);
const networkWithSalt = (salt: string) => ({
  domain: { chainId: 1n, reserve, salt: toHash(`0x${salt.repeat(32)}`) },
  assets: [{ address: PATH_USD, symbol: 'USD', name: 'pathUSD' }],
});
const network = networkWithSalt('aa');
const recipient = toAddress('0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed');

const anyRequest: fc.Arbitrary<PaymentRequest> = fc.record(
  {
    recipient: fc.uint8Array({ minLength: 20, maxLength: 20 }).map(addressFromBytes),
    asset: fc.constant(PATH_USD),
    amount: fc.bigInt(1n, MAX_U64).map(toAmount),
    memo: fc.uint8Array({ minLength: 32, maxLength: 32 }).map(hashFromBytes),
  },
  { requiredKeys: ['recipient'] },
);

test('every request survives its URI and its link, to the last base unit', () => {
  fc.assert(
    fc.property(
      anyRequest,
      fc.constantFrom('https://pay.example', 'http://127.0.0.1:4700/#/receive'),
      (request, url) => {
        expect(decodePaymentRequest(encodePaymentRequest(request, network), network)).toEqual(request);
        expect(decodePaymentRequest(encodePaymentLink(request, network, url), network)).toEqual(request);
      },
    ),
  );
});

test('a request reads as people expect it', () => {
  const request = { recipient, amount: toAmount(12_500_000n) };
  const id = networkId(network);
  expect(id).toMatch(/^[0-9a-f]{12}$/);
  expect(encodePaymentRequest(request, network)).toBe(
    `fastpay:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed?amount=12.50&network=${id}`,
  );
  expect(encodePaymentLink(request, network, 'https://pay.example/')).toBe(
    `https://pay.example/#/pay?to=0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed&amount=12.50&network=${id}`,
  );
});

test('a plain address is a request without conditions', () => {
  expect(decodePaymentRequest(` ${recipient}\n`, network)).toEqual({ recipient });
  expect(decodePaymentRequest(`fastpay:${recipient}`, network)).toEqual({ recipient });
  expect(decodePaymentRequest(`web+fastpay:${recipient}`, network)).toEqual({ recipient });
});

test('a request for another network is refused by name', () => {
  const other = encodePaymentRequest({ recipient }, networkWithSalt('bb'));
  expect(() => decodePaymentRequest(other, network)).toThrow(
    expect.objectContaining({
      code: 'WRONG_CHAIN',
      message: expect.stringContaining(networkId(networkWithSalt('bb'))),
    }),
  );
  expect(() => decodePaymentRequest(`fastpay:${recipient}?network=<b>hello`, network)).toThrow(
    expect.objectContaining({ code: 'WRONG_CHAIN', message: expect.not.stringContaining('<b>') }),
  );
});

test('an asset that the network does not list is refused', () => {
  expect(() => decodePaymentRequest(`fastpay:${recipient}?asset=${reserve}`, network)).toThrow(
    expect.objectContaining({ code: 'NOT_PAYMENT' }),
  );
});

test.each([
  '',
  'hello',
  'bitcoin:bc1qxyz',
  'https://pay.example/',
  'https://pay.example/#/pay',
  'https://pay.example/#/pay?amount=1',
  'javascript:alert(1)',
  'fastpay:',
  'fastpay:0x1234',
  `fastpay:${recipient}?amount=0`,
  `fastpay:${recipient}?amount=0.0000001`,
  `fastpay:${recipient}?amount=-1`,
  `fastpay:${recipient}?amount=1e3`,
  `fastpay:${recipient}?amount=1,5`,
  `fastpay:${recipient}?amount=18446744073709.551616`,
  `fastpay:${recipient}?amount=1&amount=2`,
  `fastpay:${recipient}?to=${reserve}`,
  `fastpay:${recipient}?memo=hello`,
  `fastpay:${recipient}?req-tip=1`,
  `fastpay:${recipient}?amount=${'1'.repeat(2_000)}`,
  '0x5aAeb6053f3E94C9b9A09f33669435E7Ef1BeAed',
])('%s is refused', (text) => {
  expect(() => decodePaymentRequest(text, network)).toThrow(expect.objectContaining({ code: 'INVALID_FORMAT' }));
});

test('what a later version adds and allows to ignore is ignored', () => {
  expect(decodePaymentRequest(`fastpay:${recipient}?label=Coffee&amount=2`, network)).toEqual({
    recipient,
    amount: 2_000_000n,
  });
});

test('no text makes the reader fail in another way', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string().map((text) => `fastpay:${text}`),
      ),
      (text) => {
        try {
          decodePaymentRequest(text, network);
        } catch (error) {
          expect(error).toMatchObject({ name: 'RejectError' });
        }
      },
    ),
  );
});

/** The addresses of ERC-55 itself. */
test.each([
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
  '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
])('%s has its checksum', (text) => {
  expect(checksummed(toAddress(text))).toBe(text);
  expect(parseAddress(text)).toBe(text.toLowerCase());
  expect(parseAddress(text.toLowerCase())).toBe(text.toLowerCase());
  expect(parseAddress(`0x${text.slice(2).toUpperCase()}`)).toBe(text.toLowerCase());
});
