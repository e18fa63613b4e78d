import { createConnectRouter, type ServiceImpl } from '@connectrpc/connect';
import { createFetchHandler } from '@connectrpc/connect/protocol';
import { PATH_USD, RejectError } from '@fastpay/protocol';
import {
  createRejectInterceptor,
  RelayService,
  sponsorDepositRequestFromProto,
  sponsoredTransactionToProto,
  sponsorOfferToProto,
} from '@fastpay/rpc';
import { describe, expect, test } from 'vitest';
import { alice, sampleHash } from '../testing/samples.fixtures.ts';
import { createRelaySponsor, type SponsorOffer } from './relay-sponsor.ts';

/** A sponsor whose fetch ends in real Connect handlers, through the real wire format. */
function connectTo(service: Partial<ServiceImpl<typeof RelayService>>) {
  const router = createConnectRouter({ interceptors: [createRejectInterceptor(() => undefined)] });
  router.service(RelayService, service);
  const handlers = new Map(
    router.handlers.map((handler) => [handler.requestPath, createFetchHandler(handler)] as const),
  );
  return createRelaySponsor({
    baseUrl: 'https://relay.example',
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const handler = handlers.get(new URL(request.url).pathname);
      return handler ? await handler(request) : new Response('not found', { status: 404 });
    },
  });
}

const offer: SponsorOffer = {
  name: 'Example Pay',
  feePayer: alice,
  feeToken: PATH_USD,
  gas: 1_500_000n,
  maxFeePerGas: 20_000_000_000n,
  lifeSeconds: 120n,
  minimumAmount: 1_000_000n,
};

describe('a relay as a sponsor', () => {
  test('tells its terms, or that nobody pays', async () => {
    const paying = connectTo({ getSponsorOffer: () => ({ offer: sponsorOfferToProto(offer) }) });
    expect(await paying.offer()).toEqual(offer);
    expect(await connectTo({ getSponsorOffer: () => ({}) }).offer()).toBeUndefined();
  });

  test('answers with what it made of the bytes that it was handed', async () => {
    const sponsor = connectTo({
      sponsorDeposit: (request) =>
        sponsoredTransactionToProto({
          rawTransaction: `${sponsorDepositRequestFromProto(request)}ff`,
          transactionHash: sampleHash('sponsored'),
        }),
    });
    expect(await sponsor.sign('0x76aa')).toEqual({
      rawTransaction: '0x76aaff',
      transactionHash: sampleHash('sponsored'),
    });
  });

  test('refuses with what it says, and when to ask again', async () => {
    const sponsor = connectTo({
      sponsorDeposit() {
        throw new RejectError('NOT_SPONSORED', 'enough for now', { retryAfterMs: 60_000 });
      },
    });
    await expect(sponsor.sign('0x76')).rejects.toMatchObject({
      name: 'RejectError',
      code: 'NOT_SPONSORED',
      facts: { retryAfterMs: 60_000 },
    });
  });

  test.each<[string, Partial<ServiceImpl<typeof RelayService>>]>([
    ['is older and knows of no sponsor', {}],
    ['offers what cannot be read', { getSponsorOffer: () => ({ offer: { ...sponsorOfferToProto(offer), gas: -1n } }) }],
    [
      'has too long a name',
      { getSponsorOffer: () => ({ offer: sponsorOfferToProto({ ...offer, name: 'x'.repeat(41) }) }) },
    ],
    ['turns text around', { getSponsorOffer: () => ({ offer: sponsorOfferToProto({ ...offer, name: 'a\u202eb' }) }) }],
  ])('that %s gives no refusal, but no answer', async (_, service) => {
    await expect(connectTo(service).offer()).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  });
});
