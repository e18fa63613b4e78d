import { rmSync, writeFileSync } from 'node:fs';
import { createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import type { Secp256k1Signer } from '@fastpay/crypto';
import { fromHex, type Hex, PATH_USD, toAddress, toHash } from '@fastpay/protocol';
import { RelayService, rejectFromError, sponsoredTransactionFromProto, sponsorOfferFromProto } from '@fastpay/rpc';
import { depositCalls, encodeTransfer, type JsonRpc, sendCalls, TempoError, waitForReceipt } from '@fastpay/tempo';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../config/error.ts';
import { startTestRelay } from '../testing/relay.fixtures.ts';
import { AMOUNT, type SponsoredRelay, type SponsorLab, startSponsorLab } from '../testing/sponsored-relay.fixtures.ts';
import type { RefusalReason } from './refusal.ts';

/** The sponsor of a relay against a real Tempo node. */

let lab: SponsorLab;
beforeAll(async () => {
  lab = await startSponsorLab();
});
afterAll(() => lab.stop());

const running: SponsoredRelay[] = [];
afterEach(async () => {
  for (const relay of running.splice(0)) {
    expect(relay.broken).toEqual([]);
    await relay.stop();
  }
});
async function start(options?: Parameters<SponsorLab['start']>[0]): Promise<SponsoredRelay> {
  const relay = await lab.start(options);
  running.push(relay);
  return relay;
}

interface Signed {
  readonly rawTransaction: Hex;
  readonly transactionHash: Hex;
}
async function signedBy(relay: SponsoredRelay, half: Hex): Promise<Signed> {
  const { response, body } = await relay.ask(half);
  expect(response.status, JSON.stringify(body)).toBe(200);
  return body as Signed;
}
async function send(relay: SponsoredRelay, { rawTransaction }: Signed): Promise<void> {
  const request = { jsonrpc: '2.0', id: 1, method: 'eth_sendRawTransaction', params: [rawTransaction] };
  expect((await relay.json('/v1/tempo', request)).body).toMatchObject({ result: expect.any(String) });
}
async function expectRefusal(relay: SponsoredRelay, half: Hex, reason: RefusalReason): Promise<void> {
  const counter = `sponsor_refusals_total{reason="${reason}"}`;
  const before = await relay.metric(counter);
  const { response, body } = await relay.ask(half);
  expect(body).toMatchObject({
    code: 'NOT_SPONSORED',
    status: 422,
    money: expect.stringContaining('No money moved'),
    action: expect.stringContaining('pay the network fee yourself'),
    retryable: false,
  });
  expect(response.status).toBe(422);
  expect(await relay.metric(counter)).toBe(before + 1);
}

describe('a deposit', () => {
  it('is credited in full while the sponsor pays, exactly what its gas did cost', async () => {
    const relay = await start();
    const payer = await lab.newPayer();
    const signed = await signedBy(relay, await lab.signHalf(payer));
    await send(relay, signed);
    await vi.waitFor(async () => expect(await lab.credited(payer.address)).toBe(AMOUNT), { timeout: 5_000 });
    expect(await lab.tokens(payer.address)).toBe(0n);
    await vi.waitFor(async () => expect(await relay.metric('sponsor_deposits_total{outcome="included"}')).toBe(1), {
      timeout: 10_000,
      interval: 200,
    });
    const spent = 10_000_000n - (await lab.tokens(relay.feePayer));
    expect(spent).toBeGreaterThan(0n);
    expect(await relay.metric('sponsor_spent_units_total')).toBe(Number(spent));
    expect(await relay.metric('sponsor_budget_left_units')).toBe(2_000_000 - Number(spent));
  });

  it('is offered and signed over Connect as over REST', async () => {
    const relay = await start();
    const client = createClient(RelayService, createConnectTransport({ baseUrl: relay.url, httpVersion: '1.1' }));
    const { offer } = await client.getSponsorOffer({});
    if (!offer) throw new Error('nothing is offered');
    const read = sponsorOfferFromProto(offer);
    expect(read).toMatchObject({ name: 'Example Pay', feePayer: relay.feePayer, feeToken: PATH_USD, gas: 1_500_000n });
    const numbers = { gas: '1500000', maxFeePerGas: `${read.maxFeePerGas}`, lifeSeconds: '120', minimumAmount: '1000' };
    expect((await relay.json('/v1/sponsor')).body).toEqual({ offer: { ...read, ...numbers } });

    const half = await lab.signHalf(await lab.newPayer());
    const overConnect = sponsoredTransactionFromProto(await client.sponsorDeposit({ rawTransaction: fromHex(half) }));
    expect(overConnect).toEqual(await signedBy(relay, half));
    const refused = await client.sponsorDeposit({ rawTransaction: fromHex('0x76') }).catch(rejectFromError);
    expect(refused).toMatchObject({ code: 'NOT_SPONSORED' });
  });

  it('is offered to many at once for one look at the chain', async () => {
    let asked = 0;
    const rpc: JsonRpc = {
      request(method, params) {
        asked += 1;
        return lab.rpc.request(method, params);
      },
    };
    const relay = await start({ rpc });
    await relay.json('/v1/sponsor');
    await vi.waitFor(async () => expect(await relay.metric('sponsor_balance_units')).toBe(10_000_000));
    const before = asked;
    await Promise.all(Array.from({ length: 50 }, () => relay.json('/v1/sponsor')));
    expect(asked - before).toBeLessThan(10);
  });

  it('is signed for once, however often the same bytes come', async () => {
    const relay = await start();
    const half = await lab.signHalf(await lab.newPayer());
    const answers = await Promise.all([half, half, half].map((each) => signedBy(relay, each)));
    expect(new Set(answers.map(({ rawTransaction }) => rawTransaction)).size).toBe(1);
    expect(await relay.metric('sponsor_signed_total')).toBe(1);
    expect(await relay.metric('sponsor_budget_left_units')).toBe(1_970_000);
  });

  it('that is never sent costs nothing once its time has gone by', async () => {
    const relay = await start({ config: { lifeSeconds: 10 } });
    const payer = await lab.newPayer();
    const { timestamp } = (await lab.rpc.request('eth_getBlockByNumber', ['latest', false])) as { timestamp: Hex };
    await signedBy(relay, await lab.signHalf(payer, { validBefore: BigInt(timestamp) + 10n }));
    expect(await relay.metric('sponsor_budget_left_units')).toBe(1_970_000);
    await lab.rpc.request('evm_increaseTime', [30]);
    await vi.waitFor(async () => expect(await relay.metric('sponsor_deposits_total{outcome="unused"}')).toBe(1), {
      timeout: 10_000,
      interval: 200,
    });
    expect(await relay.metric('sponsor_budget_left_units')).toBe(2_000_000);
  });

  it('that fails since its tokens moved away is the last one of its account that day', async () => {
    const relay = await start();
    const payer = await lab.newPayer(AMOUNT + 100_000n);
    const signed = await signedBy(relay, await lab.signHalf(payer));
    const away = [{ to: PATH_USD, data: encodeTransfer(toAddress(`0x${'42'.repeat(20)}`), AMOUNT) }];
    const otherLane = { feeToken: PATH_USD, gas: 1_500_000n, nonceKey: 5n, nonce: 0n };
    await sendCalls(away, otherLane, { rpc: lab.rpc, signer: payer });
    await send(relay, signed);
    await expect(waitForReceipt(lab.rpc, toHash(signed.transactionHash))).rejects.toMatchObject({ code: 'REVERTED' });
    await vi.waitFor(async () => expect(await relay.metric('sponsor_deposits_total{outcome="reverted"}')).toBe(1), {
      timeout: 10_000,
      interval: 200,
    });
    expect(await relay.metric('sponsor_spent_units_total')).toBe(
      Number(10_000_000n - (await lab.tokens(relay.feePayer))),
    );
    await lab.fund(payer.address, AMOUNT);
    await expectRefusal(relay, await lab.signHalf(payer), 'share');
  });
});

describe('nothing is signed', () => {
  it('for a transaction that is more, less or something else than a deposit of one’s own', async () => {
    const relay = await start();
    const payer = await lab.newPayer();
    const { reserve } = lab.domain;
    const stranger = toAddress(`0x${'42'.repeat(20)}`);
    const { timestamp } = (await lab.rpc.request('eth_getBlockByNumber', ['latest', false])) as { timestamp: Hex };
    const cases: readonly [RefusalReason, Parameters<SponsorLab['signHalf']>[1]][] = [
      ['form', { feeToken: PATH_USD }],
      ['chain', { chainId: 1n }],
      ['calls', { calls: [{ to: PATH_USD, data: encodeTransfer(stranger, 1n) }] }],
      ['calls', { calls: depositCalls(stranger, PATH_USD, payer.address, AMOUNT) }],
      ['signature', { calls: depositCalls(reserve, PATH_USD, stranger, AMOUNT) }],
      ['amount', { calls: depositCalls(reserve, PATH_USD, payer.address, 999n) }],
      ['funds', { calls: depositCalls(reserve, PATH_USD, payer.address, AMOUNT + 1n) }],
      ['gas', { gas: 2_000_000n }],
      ['nonce', { nonceKey: 3n }],
      ['nonce', { nonce: 7n }],
      ['time', { validBefore: BigInt(timestamp) + 1_000n }],
      ['time', { validBefore: 5n }],
      ['price', { maxFeePerGas: 1n }],
      ['price', { maxFeePerGas: 900_000_000_000n }],
    ];
    for (const [reason, changes] of cases) await expectRefusal(relay, await lab.signHalf(payer, changes), reason);
    await expectRefusal(relay, '0x76', 'form');
    expect(await relay.metric('sponsor_signed_total')).toBe(0);
    expect(await relay.metric('sponsor_budget_left_units')).toBe(2_000_000);
    // And after all of it the account has its share.
    await signedBy(relay, await lab.signHalf(payer));
  });

  it('beyond the share of an account, or of an address on the network', async () => {
    const relay = await start({ config: { depositsPerAccount: 2, depositsPerClient: 3 } });
    const payer = await lab.newPayer(5n * AMOUNT);
    const half = (of: Secp256k1Signer, amount: bigint) =>
      lab.signHalf(of, { calls: depositCalls(lab.domain.reserve, PATH_USD, of.address, amount) });
    await signedBy(relay, await half(payer, 1_001n));
    await signedBy(relay, await half(payer, 1_002n));
    await expectRefusal(relay, await half(payer, 1_003n), 'share');
    await signedBy(relay, await lab.signHalf(await lab.newPayer()));
    await expectRefusal(relay, await lab.signHalf(await lab.newPayer()), 'share');
  });

  it('beyond the budget, which a restart does not refill; the answer says when to ask again', async () => {
    const first = await start({ config: { unitsPerHour: 30_000 } });
    await signedBy(first, await lab.signHalf(await lab.newPayer()));
    await expectRefusal(first, await lab.signHalf(await lab.newPayer()), 'budget');
    const second = await start({ config: { unitsPerHour: 30_000, budgetFile: first.config.budgetFile } });
    expect((await second.json('/v1/sponsor')).body).toEqual({});
    const { response, body } = await second.ask(await lab.signHalf(await lab.newPayer()));
    expect(body).toMatchObject({ code: 'NOT_SPONSORED', facts: { retryAfterMs: expect.any(Number) } });
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('when many ask at once for the last of the budget: one gets it', async () => {
    const relay = await start({ config: { unitsPerHour: 30_000 } });
    const halves: Hex[] = [];
    for (let count = 0; count < 4; count++) halves.push(await lab.signHalf(await lab.newPayer()));
    const statuses = (await Promise.all(halves.map(relay.ask))).map(({ response }) => response.status);
    expect(statuses.toSorted()).toEqual([200, 422, 422, 422]);
  });

  it('when the sponsor’s own account is too low', async () => {
    const relay = await start({ funds: 29_999n });
    expect((await relay.json('/v1/sponsor')).body).toEqual({});
    await expectRefusal(relay, await lab.signHalf(await lab.newPayer()), 'balance');
  });

  it('while the node is away', async () => {
    let isAway = false;
    const rpc: JsonRpc = {
      request: (method, params) =>
        isAway ? Promise.reject(new TempoError('UNREACHABLE', 'away')) : lab.rpc.request(method, params),
    };
    const relay = await start({ rpc });
    const half = await lab.signHalf(await lab.newPayer());
    isAway = true;
    await expectRefusal(relay, half, 'busy');
    expect((await relay.json('/v1/sponsor')).body).toEqual({});
    isAway = false;
    await signedBy(relay, half);
  });

  it('while what is spent cannot be written down', async () => {
    const relay = await start();
    const half = await lab.signHalf(await lab.newPayer());
    const { budgetFile } = relay.config;
    writeFileSync(`${budgetFile}.blocked`, '');
    const blocked = await start({ config: { budgetFile: `${budgetFile}.blocked/budget.json` } }).catch(
      (error: unknown) => error,
    );
    expect(blocked).toBeInstanceOf(ConfigError);
    rmSync(`${budgetFile}.blocked`);
    const lost = await start({ config: { budgetFile: `${budgetFile}.missing/budget.json` } });
    await expectRefusal(lost, half, 'busy');
  });

  it('by a relay that has no sponsor', async () => {
    const relay = await startTestRelay();
    try {
      expect((await relay.json('/v1/sponsor')).body).toEqual({});
      const { body } = await relay.json('/v1/sponsor', { rawTransaction: '0x76' });
      expect(body).toMatchObject({ code: 'NOT_SPONSORED', detail: expect.stringContaining('nobody') });
    } finally {
      await relay.stop();
    }
  });
});
