import { PATH_USD } from '@fastpay/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { clientLimits } from '../limits.ts';
import { createWorld, type Wallet, type World } from '../testing/world.fixtures.ts';
import type { Transport } from '../transport.ts';

const DOLLAR = 1_000_000n;

let world: World;
let alice: Wallet;
let isHiding: boolean;
let asked: string[];
let hiding: Transport;
beforeEach(async () => {
  world = await createWorld();
  alice = world.wallet('alice');
  await world.deposit(alice.owner, 100n * DOLLAR);
  isHiding = true;
  asked = [];
  hiding = {
    ...world.transport,
    accountLog: async (request) => {
      asked.push(`${request.signer} after ${request.afterCursor}`);
      const page = await world.transport.accountLog(request);
      return isHiding ? { ...page, certificates: [] } : page;
    },
  };
});

const begun = () => asked.filter((question) => question.endsWith('after 0')).length;
const listed = async ({ client }: Wallet) => (await client.activity({ limit: 100 })).map(({ order }) => order.amount);

describe('a certificate that a relay left out of every log', () => {
  test('is found when the balance tells of it and another relay gives it out', async () => {
    const bob = world.wallet('bob', { transport: hiding });
    await alice.pay(bob.owner, DOLLAR);
    expect(await bob.client.sync()).toEqual([]);
    expect((await bob.client.account(PATH_USD)).balance).toBe(DOLLAR);
    expect(await listed(bob)).toEqual([]);
    // Every log was told to be read to its end.
    const elsewhere = world.wallet('bob', { rows: bob.rows });
    expect(await elsewhere.client.sync()).toHaveLength(1);
    expect(await listed(elsewhere)).toEqual([DOLLAR]);
    expect(await elsewhere.client.sync()).toEqual([]);
  });

  test('is looked for once in a while, however often the wallet syncs', async () => {
    const bob = world.wallet('bob', { transport: hiding });
    await alice.pay(bob.owner, DOLLAR);
    for (let round = 0; round < 8; round++) await bob.client.sync();
    const before = begun();
    isHiding = false;
    for (let round = 0; round < 8; round++) await bob.client.sync();
    expect(begun()).toBe(before);
    expect(await listed(bob)).toEqual([]);
    world.clock.advance(clientLimits.missingEveryMs);
    await bob.client.sync();
    expect(await listed(bob)).toEqual([DOLLAR]);
  });

  test('is found while a wallet follows, which is told of it', async () => {
    const bob = world.wallet('bob', { transport: hiding });
    await alice.pay(bob.owner, DOLLAR);
    await bob.client.sync();
    const following = world.wallet('bob', { rows: bob.rows });
    const stop = new AbortController();
    await following.client.follow(() => stop.abort(), stop.signal);
    expect(await listed(following)).toEqual([DOLLAR]);
  });

  test('and whose money is final on chain is found after a day', async () => {
    const bob = world.wallet('bob', { transport: hiding });
    const certificate = (await alice.pay(bob.owner, DOLLAR)).at(-1)?.certificate;
    if (!certificate) throw new Error('expected a certificate');
    const settlement = { account: alice.account, sequence: 0n, value: certificate.value, stage: 'FINALIZED' } as const;
    for (const { validator } of world.validators) await validator.applySettlements([settlement]);
    for (let round = 0; round < 8; round++) await bob.client.sync();
    isHiding = false;
    world.clock.advance(clientLimits.missingEveryMs);
    expect(await bob.client.sync()).toEqual([]);
    world.clock.advance(clientLimits.logRescanMs);
    expect(await bob.client.sync()).toHaveLength(1);
    expect(await listed(bob)).toEqual([DOLLAR]);
  });
});

test('nothing is begun anew where every unsettled payment is here, or is only late', async () => {
  isHiding = false;
  const bob = world.wallet('bob', { transport: hiding });
  await alice.pay(bob.owner, DOLLAR);
  for (let round = 0; round < 8; round++) await bob.client.sync();
  const before = begun();
  world.clock.advance(clientLimits.missingEveryMs);
  await bob.client.sync();
  world.clock.advance(clientLimits.missingEveryMs);
  await alice.pay(bob.owner, 2n * DOLLAR);
  await bob.client.sync();
  expect(await listed(bob)).toEqual([2n * DOLLAR, DOLLAR]);
  expect(begun()).toBe(before);
});

test('a clock that was put back does not keep the logs from being begun anew', async () => {
  const bob = world.wallet('bob', { transport: hiding });
  await bob.store.saveLogPosition(bob.owner, 0, { cursor: 9n, begunAtMs: world.clock.nowMs() + 1 });
  for (let round = 0; round < 8; round++) await bob.client.sync();
  expect(asked).toContain('0 after 0');
});
