import { encodePaymentLink, encodePaymentRequest } from '@fastpay/client';
import { toAmount } from '@fastpay/protocol';
import { describe, expect, it } from 'vitest';
import { readTarget } from './target.ts';
import { addressOf, testNetwork } from './wallet.fixtures.ts';

const payer = { network: testNetwork, address: addressOf(1) };
const recipient = addressOf(2);

describe('whom to pay', () => {
  it('is read from an address, a request or a link', () => {
    expect(readTarget(` ${recipient} `, payer)).toEqual({ recipient });
    const request = { recipient, amount: toAmount(12_500_000n) };
    expect(readTarget(encodePaymentRequest(request, testNetwork), payer)).toEqual({ recipient, amount: '12.50' });
    expect(readTarget(encodePaymentLink(request, testNetwork, 'https://pay.example/'), payer)).toEqual({
      recipient,
      amount: '12.50',
    });
  });

  it('is never oneself, nobody, the reserve or a token', () => {
    const { reserve } = testNetwork.domain;
    const asset = testNetwork.assets[0]?.address ?? '';
    for (const text of [payer.address, `0x${'00'.repeat(20)}`, reserve, asset]) {
      expect(readTarget(text, payer)).toHaveProperty('problem');
    }
  });

  it('says what is wrong with a text', () => {
    expect(readTarget('hello', payer)).toEqual({ problem: expect.stringMatching(/^This .+\.$/) });
  });
});
