import { type CommitCertificate, PATH_USD, type SignerSignature, slotKey, ZERO_HASH } from '@fastpay/protocol';
import { type Funds, type ReserveWriter, TempoError } from '@fastpay/tempo';
import { createSimulatedChain, type Fate } from '@fastpay/tempo/simulated';
import type { ExitingAccount, OutboxItem } from '@fastpay/validator';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { settlerLimits } from './limits.ts';
import { createSettlerMetrics } from './metrics.ts';
import { createSettler } from './settler.ts';
import { outboxItem, person, type TestPayment } from './testing.fixtures.ts';

/** Four settlers over one simulated chain: virtual time, no network, no store. */

const START_MS = 1_800_000_000_000;
const names = ['dave', 'edgar', 'frank', 'grace'];
const committee = {
  epoch: 0n,
  members: names.map((name) => ({ name, votingKey: ZERO_HASH, settlementAddress: person(name), stake: 1n })),
};
const attestation: readonly SignerSignature[] = [0, 1, 2].map((signer) => ({
  signer,
  signature: new Uint8Array(65),
}));

interface WorldOptions {
  readonly fate?: () => Fate;
  readonly awake?: readonly number[];
  readonly isAlone?: boolean;
  readonly exiting?: readonly ExitingAccount[];
  readonly blockTimeMs?: number;
  readonly blockTransactions?: number;
}

async function createWorld(options: WorldOptions = {}) {
  const {
    fate = () => ({ type: 'include' }),
    awake = [0, 1, 2, 3],
    isAlone = false,
    exiting = [],
    ...chainOptions
  } = options;
  const world = {
    fate,
    funds: { gasPrice: 0n, balance: 1_000_000n } as Funds,
    attests: true,
    queue: [] as OutboxItem[],
    submissions: [] as { readonly signer: number; readonly entries: number; readonly attested: boolean }[],
    log: [] as string[],
  };
  const simulated = createSimulatedChain(
    {
      domain: { chainId: 1n, reserve: person('reserve'), salt: ZERO_HASH },
      committee,
      exitDelaySeconds: 600n,
      startMs: START_MS,
      ...chainOptions,
    },
    { fate: ({ type }) => (type === 'settle' ? world.fate() : { type: 'include' }) },
  );
  for (const name of ['alice', 'bob', 'carol']) {
    const account = { owner: person(name), asset: PATH_USD };
    simulated.mint(account, 1_000_000n);
    await simulated.writer(account.owner).submit({ type: 'deposit', account, amount: 1_000_000n });
  }
  simulated.mine();

  const isUsed = ({ certificate: { slot } }: OutboxItem) => {
    return slot.sequence < simulated.reserve.account(slot).next;
  };
  const settlers = awake.map((signer) => {
    const registry = new Registry();
    const own = simulated.writer(person(names[signer] ?? ''));
    const writer: ReserveWriter = {
      ...own,
      submit(transaction) {
        if (transaction.type === 'settle') {
          const { certificates, attestation: given } = transaction;
          world.submissions.push({ signer, entries: certificates.length, attested: given !== undefined });
        }
        return own.submit(transaction);
      },
      funds: async () => world.funds,
    };
    const settler = createSettler(
      { signer, committee, exitDelaySeconds: 600n, isAlone },
      {
        validator: {
          outbox: ({ afterCursor, limit }) =>
            world.queue
              .filter(({ cursor }) => cursor > afterCursor)
              .slice(0, limit)
              .map((item) => ({ ...item, stage: isUsed(item) ? 'INCLUDED' : 'QUEUED_ONCHAIN' })),
          exitingAccounts: () => exiting,
        },
        writer,
        head: () => simulated.head(),
        attest: async (_certificates: readonly CommitCertificate[]) => (world.attests ? attestation : undefined),
        fees: { look: async () => undefined },
        metrics: createSettlerMetrics(registry),
        log: pino({}, { write: (line: string) => world.log.push(JSON.parse(line).msg) }),
        unixMs: () => simulated.nowMs(),
      },
    );
    return { signer, settler, registry };
  });

  return {
    ...{ world, simulated, settlers },
    pay: (payment: TestPayment) => {
      const item = { ...outboxItem(world.queue.length + 1, payment), resolvedAtMs: simulated.nowMs() };
      world.queue.push(item);
      return item;
    },
    /** Every settler looks twice a second. */
    async run(seconds: number) {
      for (let look = 0; look < seconds * 2; look++) {
        simulated.advanceTo(simulated.nowMs() + 500);
        for (const { settler } of settlers) await settler.look();
      }
    },
    unsettled: () => world.queue.filter((item) => item.certificate.signedOrder && !isUsed(item)).map(nameOf),
    metric: async (signer: number, name: string) => {
      const found = settlers.find((each) => each.signer === signer)?.registry.getSingleMetric(name);
      const values = (await found?.get())?.values ?? [];
      return values.reduce((sum, { value }) => sum + value, 0);
    },
  };
}

const nameOf = ({ certificate }: OutboxItem) => slotKey(certificate.slot);

it('settles what is paid, each payment once, whoever has the turn', async () => {
  const { pay, run, unsettled, world, simulated, metric } = await createWorld();
  for (let sequence = 0; sequence < 40; sequence++) {
    pay({ from: 'alice', to: 'bob', sequence, amount: 100n, fee: 2n });
    await run(1);
  }
  await run(2);
  expect(unsettled()).toEqual([]);
  expect(world.submissions.reduce((sum, { entries }) => sum + entries, 0)).toBe(40);
  expect(new Set(world.submissions.map(({ signer }) => signer)).size).toBe(4);
  expect(simulated.reserve.account({ owner: person('bob'), asset: PATH_USD }).balance).toBe(1_004_000n);
  const earned = await Promise.all([0, 1, 2, 3].map((signer) => metric(signer, 'fastpay_settler_earned_units_total')));
  expect(earned.reduce((sum, each) => sum + each, 0)).toBe(80);
});

it('settles at once in the middle of a turn, and after a while whoever sleeps', async () => {
  const alone = await createWorld({ awake: [2] });
  alone.pay({ from: 'alice', to: 'bob', sequence: 0 });
  await alone.run(Number(settlerLimits.turnSeconds) * 4 + 2);
  expect(alone.unsettled()).toEqual([]);
});

it('waits for no turn on a chain that nobody else settles on', async () => {
  const { pay, run, unsettled } = await createWorld({ awake: [2], isAlone: true });
  for (let sequence = 0; sequence < 40; sequence++) {
    pay({ from: 'alice', to: 'bob', sequence });
    await run(2);
    expect(unsettled()).toEqual([]);
  }
});

it('batches what waits, with an attestation where it saves gas, and without where there is none', async () => {
  const { pay, run, world, unsettled } = await createWorld();
  for (let sequence = 0; sequence < 60; sequence++) pay({ from: 'alice', to: 'bob', sequence });
  await run(3);
  pay({ from: 'bob', to: 'carol', sequence: 0 });
  await run(10);
  world.attests = false;
  for (let sequence = 60; sequence < 70; sequence++) pay({ from: 'alice', to: 'bob', sequence });
  await run(10);
  expect(unsettled()).toEqual([]);
  expect(world.submissions.map(({ entries, attested }) => ({ entries, attested }))).toEqual([
    { entries: 60, attested: true },
    { entries: 1, attested: false },
    { entries: 10, attested: false },
  ]);
});

it('sends again what the node forgot, once it cannot come any more, and not before', async () => {
  const { pay, run, world, unsettled } = await createWorld({ awake: [0] });
  world.fate = () => ({ type: 'drop' });
  pay({ from: 'alice', to: 'bob', sequence: 0 });
  await run(20);
  expect(world.submissions).toHaveLength(1);
  world.fate = () => ({ type: 'include' });
  await run(60);
  expect(unsettled()).toEqual([]);
  expect(world.submissions).toHaveLength(2);
  expect(world.log).toContain('a settlement was not included in its time; its payments are sent again');
});

it('loses nothing when transactions fail, come late or not at all, and blocks are abandoned', async () => {
  let draws = 1;
  const fates: readonly Fate[] = [
    { type: 'include' },
    { type: 'drop' },
    { type: 'include', delayBlocks: 9 },
    { type: 'revert' },
    { type: 'include' },
  ];
  const { pay, run, world, unsettled, simulated } = await createWorld();
  world.fate = () => fates[(draws++ * 7) % fates.length] ?? { type: 'include' };
  let parent: OutboxItem | undefined;
  for (let payment = 0; payment < 60; payment++) {
    // Money that goes round: each payment can only be settled after the one before.
    const [from, to] = [names3[payment % 3] ?? '', names3[(payment + 1) % 3] ?? ''];
    parent = pay({
      from,
      to,
      sequence: Math.floor(payment / 3),
      amount: 900_000n + BigInt(payment),
      fee: 1n,
      parents: parent ? [parent] : [],
    });
    await run(1);
    if (payment % 9 === 0) simulated.reorganize(2, { loseTransactions: payment % 2 === 0 });
  }
  world.fate = () => ({ type: 'include' });
  await run(120);
  expect(unsettled()).toEqual([]);
  expect(simulated.reserve.liabilities(PATH_USD)).toBe(3_000_000n);
});
const names3 = ['alice', 'bob', 'carol'];

it('settles many payments of one account, and SKIPs only below a payment', async () => {
  const { pay, run, unsettled, simulated } = await createWorld();
  pay({ from: 'alice', sequence: 0 });
  for (let sequence = 1; sequence <= 80; sequence++) {
    if (sequence === 50) pay({ from: 'alice', sequence });
    else pay({ from: 'alice', to: 'bob', sequence });
  }
  // Nothing needs the last one.
  pay({ from: 'alice', sequence: 81 });
  await run(40);
  expect(unsettled()).toEqual([]);
  expect(simulated.reserve.account({ owner: person('alice'), asset: PATH_USD }).next).toBe(81n);
});

it('goes on through full blocks', async () => {
  const { pay, run, unsettled, world } = await createWorld({ blockTransactions: 1 });
  world.attests = false;
  for (let sequence = 0; sequence < 30; sequence++) {
    pay({ from: 'alice', to: 'bob', sequence });
    pay({ from: 'bob', to: 'carol', sequence });
    await run(0.5);
  }
  await run(20);
  expect(unsettled()).toEqual([]);
});

it.each([500, 5_000])('works with blocks every %d ms', async (blockTimeMs) => {
  const { pay, run, unsettled } = await createWorld({ blockTimeMs });
  for (let sequence = 0; sequence < 20; sequence++) {
    pay({ from: 'alice', to: 'bob', sequence });
    await run(1);
  }
  await run(45);
  expect(unsettled()).toEqual([]);
});

it('waits for a better price of gas, but not for ever, and not with exits', async () => {
  const { pay, run, world, unsettled } = await createWorld();
  world.funds = { gasPrice: 500_000_000_000n, balance: 1n };
  pay({ from: 'alice', to: 'bob', sequence: 0, fee: 2_000n });
  await run(50);
  expect(unsettled()).toHaveLength(1);
  expect(world.log).toContain('gas costs more than payments pay; waiting for a while');
  await run(20);
  expect(unsettled()).toEqual([]);

  const account = { owner: person('alice'), asset: PATH_USD };
  const hurried = await createWorld({ exiting: [{ account, readyAt: BigInt(START_MS / 1_000 + 600), unsettled: 1 }] });
  hurried.world.funds = world.funds;
  hurried.pay({ from: 'bob', to: 'alice', sequence: 0 });
  await hurried.run(9);
  expect(hurried.unsettled()).toEqual([]);
});

it('says what it has to pay gas with before anything waits, and out of turn', async () => {
  const { run, world, metric } = await createWorld({ awake: [2] });
  expect(await metric(2, 'fastpay_settler_balance_units')).toBeNaN();
  await run(1);
  expect(await metric(2, 'fastpay_settler_balance_units')).toBe(1_000_000);
  world.funds = { gasPrice: 0n, balance: 0n };
  await run(settlerLimits.idleFundsMs / 1_000);
  expect(await metric(2, 'fastpay_settler_balance_units')).toBe(0);
});

it('raises an alarm while an account can soon exit with payments unsettled', async () => {
  const account = { owner: person('alice'), asset: PATH_USD };
  const exiting = [{ account, readyAt: BigInt(START_MS / 1_000 + 155), unsettled: 1 }];
  const { run, world, metric } = await createWorld({ exiting });
  await run(4);
  expect(await metric(0, 'fastpay_settler_exits_at_risk')).toBe(0);
  await run(4);
  expect(await metric(0, 'fastpay_settler_exits_at_risk')).toBe(1);
  expect(world.log.filter((line) => line === 'an account can exit soon with payments unsettled')).toHaveLength(4);
});

it('does nothing while the node stands still, and fails while it is away', async () => {
  const { pay, run, simulated, world, settlers } = await createWorld({ awake: [0] });
  simulated.pause();
  simulated.advanceTo(simulated.nowMs() + settlerLimits.staleHeadMs + 1_000);
  pay({ from: 'alice', to: 'bob', sequence: 0 });
  await run(40);
  expect(world.submissions).toEqual([]);
  simulated.resume();
  simulated.advanceTo(START_MS + 4 * 8_000 * 100);
  simulated.fail(new TempoError('UNREACHABLE', 'away'));
  const failed = await settlers[0]?.settler.look().then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failed).toBeInstanceOf(TempoError);
});

it('does not pay twice for what another has just settled', async () => {
  const { pay, run, simulated, world, unsettled } = await createWorld({ awake: [0] });
  const { certificate } = pay({ from: 'alice', to: 'bob', sequence: 0 });
  await simulated.writer(person('somebody')).submit({ type: 'settle', certificates: [certificate] });
  await run(2);
  expect(unsettled()).toEqual([]);
  expect(world.submissions).toEqual([]);
});
