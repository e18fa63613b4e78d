import { RejectError } from '@fastpay/protocol';
import type { PaymentEvent } from '@fastpay/rpc';
import { expect, test } from 'vitest';
import type { Collected } from './collect/collect-value.ts';
import type { DrivenValue } from './collect/driven-value.ts';
import { createPaymentRuns } from './payment-runs.ts';
import { alice, bob, createTestNetwork } from './testing/network.fixtures.ts';

const net = createTestNetwork();

async function setup(maximum = 10) {
  const signedOrder = await net.sign(alice);
  const certificate = await net.commitCertificate(signedOrder, [0, 1, 2]);
  const paid: Collected = { type: 'resolved', certificate };
  const started: {
    request: DrivenValue;
    emit: (event: PaymentEvent) => void;
    end: (result: Collected) => void;
    fail: (error: unknown) => void;
  }[] = [];
  const ended: Collected[] = [];
  const runs = createPaymentRuns(
    { runs: maximum, timeoutMs: 60_000 },
    {
      collect: (request, emit) =>
        new Promise((resolve, reject) => {
          const end = (collected: Collected) => {
            emit(collected.type === 'resolved' ? { ...collected, type: 'paid' } : collected);
            resolve(collected);
          };
          started.push({ request, emit, end, fail: reject });
        }),
      onEnd: (collected) => ended.push(collected),
    },
  );
  const vote: PaymentEvent = { type: 'vote', vote: await net.vote(0, certificate) };
  return { runs, request: net.request(signedOrder), paid, vote, started, ended };
}

async function collect(events: AsyncIterable<PaymentEvent>): Promise<string[]> {
  const types: string[] = [];
  for await (const event of events) types.push(event.type);
  return types;
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

test('everyone who submits the same payment shares one run, from its beginning', async () => {
  const { runs, request, paid, vote, started, ended } = await setup();
  const first = collect(runs.submit(request));
  await tick();
  started[0]?.emit(vote);
  expect(runs.progress(request.transactionHash)).toMatchObject({ votes: 1, commits: 0 });
  const second = collect(runs.submit(request));
  await tick();
  started[0]?.end(paid);
  expect(await Promise.all([first, second])).toEqual([
    ['vote', 'paid'],
    ['vote', 'paid'],
  ]);
  expect(started).toHaveLength(1);
  expect(ended).toEqual([paid]);
});

test('a run goes on when nobody listens any more', async () => {
  const { runs, request, paid, vote, started, ended } = await setup();
  const listening = (async () => {
    for await (const event of runs.submit(request)) return event;
    return undefined;
  })();
  await tick();
  started[0]?.emit(vote);
  expect(await listening).toBe(vote);
  started[0]?.end(paid);
  await runs.idle();
  expect(ended).toEqual([paid]);
});

test('after its end the same payment starts anew', async () => {
  const { runs, request, started, paid } = await setup();
  const stalled: Collected = { type: 'stalled', reject: new RejectError('TEMPORARILY_UNAVAILABLE', 'later') };
  for (const result of [stalled, paid]) {
    const events = collect(runs.submit(request));
    await tick();
    started.at(-1)?.end(result);
    expect(await events).toEqual([result === paid ? 'paid' : 'stalled']);
    await runs.idle();
  }
  expect(started).toHaveLength(2);
  expect(runs.active).toBe(0);
});

test('another order of the same slot gets its own run', async () => {
  const { runs, request, started } = await setup();
  runs.submit(request);
  runs.submit(net.request(await net.sign(alice, { validUntil: 3_999_999_999n })));
  await tick();
  expect(started).toHaveLength(2);
});

test('no more payments run at once than allowed; joining one is always possible', async () => {
  const { runs, request } = await setup(1);
  const other = net.request(await net.sign(bob));
  runs.submit(request);
  expect(() => runs.submit(other)).toThrow(RejectError);
  expect(() => runs.submit(request)).not.toThrow();
});

test('a bug reaches everyone who waits', async () => {
  const { runs, request, started } = await setup();
  const events = collect(runs.submit(request));
  await tick();
  const bug = new TypeError('broken');
  started[0]?.fail(bug);
  await expect(events).rejects.toBe(bug);
});
