import { PATH_USD } from '@fastpay/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { TempoError } from '../errors.ts';
import type { ReserveWriter } from '../reserve-writer.ts';
import { addressOf, createTestChain, SIMULATION_START_MS, unsigned } from '../testing/simulated.fixtures.ts';
import type { SimulatedChain } from './simulated-chain.ts';

const alice = addressOf(0xa11ce);
const bob = addressOf(0xb0b);
const settler = addressOf(0x5e77);
const account = (owner: typeof alice) => ({ owner, asset: PATH_USD });

let simulated: SimulatedChain;
let writer: ReserveWriter;
beforeEach(async () => {
  simulated = createTestChain();
  writer = simulated.writer(settler);
  await fund(simulated);
});

async function fund(chain: SimulatedChain): Promise<void> {
  chain.mint(account(alice), 1_000n);
  await chain.writer(alice).submit({ type: 'deposit', account: account(alice), amount: 900n });
  chain.mine();
}

const settle = (sequence: bigint) => ({
  type: 'settle' as const,
  certificates: [unsigned({ sender: alice, recipient: bob, sequence, amount: 10n, fee: 1n })],
});
const settledIn = async (from: bigint, to: bigint) =>
  (await simulated.chain.settlements(from, to)).map(({ sequence }) => sequence);

describe('time', () => {
  it('makes every block that is due, at its time, and none before', async () => {
    simulated.advanceTo(SIMULATION_START_MS + 499);
    expect(simulated.head().latest.height).toBe(1n);
    simulated.advanceTo(SIMULATION_START_MS + 2_000);
    const { latest, finalized } = await simulated.chain.head();
    expect(latest).toMatchObject({ height: 5n, timestamp: BigInt(SIMULATION_START_MS / 1_000 + 2) });
    expect(finalized.height).toBe(3n);
    expect(await simulated.chain.block(6n)).toBeUndefined();
  });

  it('has the same blocks however seldom the clock is looked at', async () => {
    const seldom = createTestChain({ label: '5e1d' });
    const often = createTestChain({ label: '5e1d' });
    for (const chain of [seldom, often]) {
      chain.mint(account(alice), 1_000n);
      await chain.writer(alice).submit({ type: 'deposit', account: account(alice), amount: 900n });
      chain.advanceTo(SIMULATION_START_MS + 2_000);
    }
    const end = SIMULATION_START_MS + 60_250;
    for (let at = SIMULATION_START_MS + 2_000; at <= end; at += 250) often.advanceTo(at);
    seldom.advanceTo(end);
    for (const chain of [seldom, often]) {
      await chain.writer(settler).submit(settle(0n));
      chain.advanceTo(end + 60_000);
      chain.reorganize(2);
      chain.advanceTo(end + 90_000);
    }
    expect(seldom.head()).toEqual(often.head());
    const { height } = seldom.head().latest;
    for (let at = 0n; at <= height; at++) expect(await seldom.chain.block(at)).toEqual(await often.chain.block(at));
    expect(await seldom.chain.events(0n, height)).toEqual(await often.chain.events(0n, height));
    expect((await seldom.chain.settlements(0n, height)).length).toBe(1);
  });

  it('needs no time for a month without anything', () => {
    const chain = createTestChain();
    chain.advanceTo(SIMULATION_START_MS + 30 * 86_400_000);
    const { latest, finalized } = chain.head();
    expect([latest.height, finalized.height]).toEqual([5_184_000n, 5_183_998n]);
    expect(latest.timestamp).toBe(BigInt(SIMULATION_START_MS / 1_000 + 30 * 86_400));
  });

  it('makes none while it is paused, and does not catch up afterwards', () => {
    simulated.pause();
    simulated.advanceTo(SIMULATION_START_MS + 60_000);
    expect(simulated.head().latest.height).toBe(1n);
    simulated.resume();
    simulated.advanceTo(SIMULATION_START_MS + 60_500);
    expect(simulated.head().latest).toMatchObject({
      height: 2n,
      timestamp: BigInt(SIMULATION_START_MS / 1_000 + 60),
    });
  });

  it('lets finality stand still, and catch up', () => {
    simulated.holdFinality();
    for (let block = 0; block < 5; block++) simulated.mine();
    expect(simulated.head().finalized.height).toBe(0n);
    simulated.releaseFinality();
    expect(simulated.head().finalized.height).toBe(4n);
  });
});

describe('what becomes of a transaction', () => {
  it('is told by events of blocks only', async () => {
    await writer.submit(settle(0n));
    expect(simulated.reserve.account(account(bob)).balance).toBe(0n);
    const { height } = simulated.mine();
    expect(await settledIn(height, height)).toEqual([0n]);
    expect(simulated.reserve.account(account(alice))).toEqual({ balance: 889n, next: 1n });
    expect(simulated.reserve.owed(account(settler))).toBe(1n);
    await writer.submit({ type: 'release', account: account(settler) });
    simulated.mine();
    expect(simulated.reserve.tokens(account(settler))).toBe(1n);
    expect(simulated.reserve.owed(account(settler))).toBe(0n);
  });

  it('can be that the node forgets it', async () => {
    const dropping = createTestChain({}, { fate: ({ type }) => ({ type: type === 'settle' ? 'drop' : 'include' }) });
    await fund(dropping);
    await dropping.writer(settler).submit(settle(0n));
    for (let block = 0; block < 4; block++) dropping.mine();
    expect(dropping.reserve.account(account(alice)).next).toBe(0n);
  });

  it('can be that it fails, all of it', async () => {
    const failing = createTestChain({}, { fate: ({ type }) => ({ type: type === 'settle' ? 'revert' : 'include' }) });
    await fund(failing);
    await failing.writer(settler).submit(settle(0n));
    failing.mine();
    expect(failing.reserve.account(account(alice)).next).toBe(0n);
    await failing.writer(alice).submit({ type: 'deposit', account: account(alice), amount: 101n });
    failing.mine();
    expect(failing.reserve.account(account(alice)).balance).toBe(900n);
  });

  it('can be that it comes late, but never after its time', async () => {
    const late = createTestChain(
      {},
      { fate: ({ type }) => ({ type: 'include', delayBlocks: type === 'settle' ? 3 : 0 }) },
    );
    await fund(late);
    await late.writer(settler).submit(settle(0n));
    for (let block = 0; block < 3; block++) late.mine();
    expect(late.reserve.account(account(alice)).next).toBe(0n);
    late.mine();
    expect(late.reserve.account(account(alice)).next).toBe(1n);
    const { validBefore } = await late.writer(settler).submit(settle(1n));
    late.pause();
    late.advanceTo(Number(validBefore) * 1_000);
    for (let block = 0; block < 5; block++) late.mine();
    expect(late.reserve.account(account(alice)).next).toBe(1n);
  });

  it('can be that the block is full', async () => {
    const narrow = createTestChain({ blockTransactions: 1 });
    await fund(narrow);
    await narrow.writer(settler).submit(settle(0n));
    await narrow.writer(settler).submit(settle(1n));
    narrow.mine();
    expect(narrow.reserve.account(account(alice)).next).toBe(1n);
    narrow.mine();
    expect(narrow.reserve.account(account(alice)).next).toBe(2n);
  });
});

describe('when blocks are abandoned', () => {
  it('everything in them never was, and waits for another block', async () => {
    await writer.submit(settle(0n));
    const { height, hash } = simulated.mine();
    simulated.reorganize(1);
    expect(simulated.head().latest.height).toBe(height);
    expect(simulated.head().latest.hash).not.toBe(hash);
    expect(await settledIn(0n, height)).toEqual([]);
    expect(simulated.reserve.account(account(alice))).toEqual({ balance: 900n, next: 0n });
    expect(simulated.reserve.holds(PATH_USD)).toBe(900n);
    simulated.mine();
    expect(await settledIn(height + 1n, height + 1n)).toEqual([0n]);
  });

  it('can lose their transactions', async () => {
    await writer.submit(settle(0n));
    simulated.mine();
    simulated.reorganize(1, { loseTransactions: true });
    for (let block = 0; block < 3; block++) simulated.mine();
    expect(simulated.reserve.account(account(alice)).next).toBe(0n);
  });

  it('takes back several blocks in their order', async () => {
    for (const sequence of [0n, 1n]) {
      await writer.submit(settle(sequence));
      simulated.mine();
    }
    simulated.reorganize(2, { loseTransactions: true });
    expect(simulated.reserve.account(account(alice))).toEqual({ balance: 900n, next: 0n });
    expect(simulated.reserve.owed(account(settler))).toBe(0n);
  });

  it('never takes a final block', () => {
    simulated.mine();
    simulated.mine();
    expect(() => simulated.reorganize(3)).toThrow(RangeError);
    expect(simulated.head().latest.height).toBe(3n);
  });
});

describe('a node', () => {
  it('can show less than there is', async () => {
    await writer.submit(settle(0n));
    const { height } = simulated.mine();
    simulated.lag(1);
    expect((await simulated.chain.head()).latest.height).toBe(height - 1n);
    expect(await settledIn(0n, height)).toEqual([]);
    expect(await simulated.chain.block(height)).toBeUndefined();
  });

  it('can fail, and answer again', async () => {
    simulated.fail(new TempoError('UNREACHABLE', 'away'));
    await expect(simulated.chain.head()).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect(writer.submit(settle(0n))).rejects.toMatchObject({ code: 'UNREACHABLE' });
    simulated.fail(undefined);
    await writer.submit(settle(0n));
  });
});

it('says what a batch would do and does nothing', async () => {
  const certificates = [0n, 1n, 1n, 90n].flatMap((sequence) => settle(sequence).certificates);
  expect(await writer.preview({ certificates })).toEqual(['SETTLED', 'SETTLED', 'ALREADY_SETTLED', 'OUT_OF_ORDER']);
  expect(simulated.reserve.account(account(alice))).toEqual({ balance: 900n, next: 0n });
});

it('reverts a batch whose attestation is not that of a quorum', async () => {
  const { certificates } = settle(0n);
  const attestation = [0, 1].map((signer) => ({ signer, signature: new Uint8Array(65) }));
  await expect(writer.preview({ certificates, attestation })).rejects.toMatchObject({ code: 'REFUSED' });
  await writer.submit({ type: 'settle', certificates, attestation });
  simulated.mine();
  expect(simulated.reserve.account(account(alice)).next).toBe(0n);
  const quorum = [...attestation, { signer: 3, signature: new Uint8Array(65) }];
  expect(await writer.preview({ certificates, attestation: quorum })).toEqual(['SETTLED']);
});

it('makes thousands of blocks in no time', () => {
  const started = performance.now();
  const blocks = 20_000;
  simulated.advanceTo(SIMULATION_START_MS + blocks * 500);
  expect(simulated.head().latest.height).toBe(BigInt(blocks) + 1n);
  // Against growing slower with every block; the bound is for a busy machine.
  expect(performance.now() - started).toBeLessThan(5_000);
});
