import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATH_USD } from '@fastpay/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../config/error.ts';
import { type ClockedChain, createClockedChain } from './clocked-chain.ts';
import type { Genesis } from './genesis.ts';
import { type Journal, openJournal } from './journal.ts';
import { createSignatureChecks } from './signatures.ts';
import { alice, bob, network, payment, settlers } from './testing.fixtures.ts';

const START_MS = 1_900_000_000_000;
const genesis: Genesis = {
  startMs: START_MS,
  blockTimeMs: 500,
  deposits: [
    { account: { owner: alice, asset: PATH_USD }, amount: 1_000_000n },
    { account: { owner: bob, asset: PATH_USD }, amount: 5n },
  ],
  digest: 'ab'.repeat(32),
};

let directory = '';
let now = START_MS;
let open: Journal[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-simulated-'));
  now = START_MS;
});
afterEach(async () => {
  await stop();
  rmSync(directory, { recursive: true });
});

const fileOf = (name: string) => join(directory, `${name}.journal`);

async function start(name = 'dave', { mayBeMade = true, digest = genesis.digest } = {}): Promise<ClockedChain> {
  const opened = await openJournal({ file: fileOf(name), digest, mayBeMade });
  open.push(opened.journal);
  const chain = await createClockedChain(
    { genesis, network },
    { opened, unixMs: () => now, ...createSignatureChecks(network) },
  );
  await chain.makeDueBlocks();
  return chain;
}

async function stop(): Promise<void> {
  for (const journal of open) await journal.close();
  open = [];
}

async function pass(chain: ClockedChain, ms: number): Promise<void> {
  now += ms;
  await chain.makeDueBlocks();
}

const [dave = alice, edgar = alice] = settlers;
const accountOf = (chain: ClockedChain) => chain.chain.accountOnChain({ owner: alice, asset: PATH_USD });

describe('a simulated chain by the clock', () => {
  it('shows every validator the same deposits in the same blocks', async () => {
    const first = await start();
    await pass(first, 2_600);
    const second = await start('edgar');
    const { latest, finalized } = await first.chain.head();
    expect([latest.height, finalized.height]).toEqual([5n, 3n]);
    expect(latest.timestamp).toBe(BigInt(START_MS / 1_000 + 2));
    expect(await second.chain.head()).toEqual({ latest, finalized });
    const deposits = await first.chain.deposits(0n, 5n);
    expect(deposits.map(({ index, amount, block }) => [index, amount, block.height])).toEqual([
      [0n, 1_000_000n, 1n],
      [1n, 5n, 1n],
    ]);
    expect(await second.chain.deposits(0n, 5n)).toEqual(deposits);
  });

  it('writes what it is in every hash', async () => {
    const chain = await start();
    await pass(chain, 500);
    const [deposit] = await chain.chain.deposits(0n, 1n);
    for (const hash of [deposit?.block.hash, deposit?.transactionHash]) {
      expect(Buffer.from(hash?.slice(2) ?? '', 'hex').toString('latin1')).toContain('SIMULATED');
    }
  });

  it('is the same after a restart, settlements and failures included, also if it stood still for hours', async () => {
    const before = await start();
    await pass(before, 2_000);
    const writer = before.writer(dave);
    const paid = [await payment(0n, 100n), await payment(1n, 200n)];
    await writer.submit({ type: 'settle', certificates: paid });
    await writer.submit({ type: 'requestExit', asset: PATH_USD });
    const failed = await writer.submit({ type: 'requestExit', asset: PATH_USD });
    await pass(before, 500);
    await writer.submit({ type: 'release', account: { owner: dave, asset: PATH_USD } });
    await writer.submit({ type: 'cancelExit', asset: PATH_USD });
    await pass(before, 3_600_000);
    const height = (await before.chain.head()).latest.height;
    const events = await before.chain.events(0n, 20n);
    expect(events.settlements.map(({ settlement }) => settlement.block.height)).toEqual([8n, 8n]);
    expect(events.exits.map(({ type, block }) => [type, block.height])).toEqual([
      ['requested', 5n],
      ['cancelled', 6n],
    ]);
    await stop();

    now += 3_600_000;
    const after = await start('dave', { mayBeMade: false });
    expect(await after.chain.events(0n, 20n)).toEqual(events);
    for (const at of [4n, 5n, 8n, height]) expect(await after.chain.block(at)).toEqual(await before.chain.block(at));
    expect(await accountOf(after)).toEqual(await accountOf(before));
    expect(await accountOf(after)).toMatchObject({ balance: 1_000_000n - 4_300n, nextSequence: 2n });
    expect((await after.chain.head()).latest.height).toBe(height + 7_200n);
    expect(await after.writer(dave).outcome(failed.transactionHash)).toBeUndefined();
    // New transactions are told from old ones.
    const next = await after.writer(dave).submit({ type: 'settle', certificates: [await payment(2n, 1n)] });
    const known = [...events.settlements.map(({ settlement }) => settlement), ...events.exits, failed];
    expect(known.map(({ transactionHash }) => transactionHash)).not.toContain(next.transactionHash);
  });

  it('forgets what no block held when it stopped, and gives its place to what comes next', async () => {
    const before = await start();
    await pass(before, 1_000);
    await before.writer(dave).submit({ type: 'settle', certificates: [await payment(0n, 100n)] });
    await stop();
    const after = await start('dave', { mayBeMade: false });
    await pass(after, 4_000);
    expect(await accountOf(after)).toMatchObject({ balance: 1_000_000n, nextSequence: 0n });
  });

  it('shows a block only once what is in it is on disk', async () => {
    const appended: bigint[] = [];
    const held = Promise.withResolvers<void>();
    const journal = {
      append({ height }: { readonly height: bigint }) {
        appended.push(height);
        return held.promise;
      },
      close: async () => undefined,
    };
    const chain = await createClockedChain(
      { genesis, network },
      { opened: { journal, records: [] }, unixMs: () => now },
    );
    await pass(chain, 1_000);
    await chain.writer(dave).submit({ type: 'settle', certificates: [await payment(0n, 1n)] });
    const made = pass(chain, 1_000);
    await chain.writer(dave).submit({ type: 'settle', certificates: [await payment(1n, 1n)] });
    expect((await chain.chain.head()).latest.height).toBe(2n);
    held.resolve();
    await made;
    expect(appended).toEqual([3n, 3n]);
    expect((await chain.chain.settlements(4n, 4n)).map(({ sequence }) => sequence)).toEqual([0n, 1n]);
    expect((await chain.chain.head()).latest.height).toBe(4n);
  });

  it('keeps the rules of the reserve: forged commits settle nothing, and each validator settles in its own chain', async () => {
    const chain = await start();
    const other = await start('edgar');
    await pass(chain, 1_000);
    const certificate = await payment(0n, 100n);
    const [first, second] = certificate.signatures;
    const swapped = [
      { signer: 0, signature: second?.signature ?? new Uint8Array(65) },
      { signer: 1, signature: first?.signature ?? new Uint8Array(65) },
      ...certificate.signatures.slice(2),
    ];
    const writer = chain.writer(dave);
    expect(await writer.preview({ certificates: [{ ...certificate, signatures: swapped }] })).toEqual([
      'INVALID_COMMIT',
    ]);
    expect(await writer.preview({ certificates: [certificate] })).toEqual(['SETTLED']);
    await writer.submit({ type: 'settle', certificates: [certificate] });
    await pass(chain, 1_000);
    await other.makeDueBlocks();
    expect(await accountOf(chain)).toMatchObject({ nextSequence: 1n });
    expect(await accountOf(other)).toMatchObject({ nextSequence: 0n });
    expect(await other.writer(edgar).preview({ certificates: [certificate] })).toEqual(['SETTLED']);
  });

  it('shows what validators settle moments apart in one block and under one name, however they batch it', async () => {
    const chain = await start();
    const other = await start('edgar');
    const paid = [await payment(0n, 100n), await payment(1n, 200n)];
    await pass(chain, 2_000);
    await chain.writer(dave).submit({ type: 'settle', certificates: paid });
    for (const certificate of paid) {
      await pass(chain, 600);
      await other.makeDueBlocks();
      await other.writer(edgar).submit({ type: 'settle', certificates: [certificate] });
    }
    await pass(chain, 2_000);
    await other.makeDueBlocks();
    const settlements = await chain.chain.settlements(0n, 9n);
    expect(settlements.map(({ sequence, settlement }) => [sequence, settlement.block.height])).toEqual([
      [0n, 8n],
      [1n, 8n],
    ]);
    expect(await other.chain.settlements(0n, 9n)).toEqual(settlements);
    expect((await other.chain.events(0n, 9n)).settlements).toEqual(settlements);
    expect(new Set(settlements.map(({ settlement }) => settlement.transactionHash)).size).toBe(2);
  });

  it('stands still while the clock is set back, and goes on where it was', async () => {
    const chain = await start();
    await pass(chain, 10_000);
    const { latest } = await chain.chain.head();
    await pass(chain, -5_000);
    expect((await chain.chain.head()).latest).toEqual(latest);
    await pass(chain, 5_500);
    expect((await chain.chain.head()).latest.height).toBe(latest.height + 1n);
  });
});

describe('the journal of a simulated chain', () => {
  async function settledOne(): Promise<void> {
    const chain = await start();
    await pass(chain, 1_000);
    await chain.writer(dave).submit({ type: 'settle', certificates: [await payment(0n, 100n)] });
    await pass(chain, 1_000);
    await stop();
  }

  it('drops a line that was cut off while it was written, and goes on behind the one before', async () => {
    await settledOne();
    const whole = readFileSync(fileOf('dave'), 'utf8');
    appendFileSync(fileOf('dave'), whole.split('\n')[1]?.slice(0, 200) ?? '');
    const chain = await start();
    expect(readFileSync(fileOf('dave'), 'utf8')).toBe(whole);
    await chain.writer(dave).submit({ type: 'settle', certificates: [await payment(1n, 100n)] });
    await pass(chain, 2_000);
    await stop();
    expect(await accountOf(await start())).toMatchObject({ nextSequence: 2n });
  });

  it.each([
    ['is damaged', (text: string) => text.replace('"height":"3"', '"height":"4"')],
    ['is damaged', () => ''],
    ['is of another simulated chain', (text: string) => text.slice(text.indexOf('\n') + 1)],
  ])('is refused when it %s', async (expected, change) => {
    await settledOne();
    writeFileSync(fileOf('dave'), change(readFileSync(fileOf('dave'), 'utf8')));
    const error = await start().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain(expected);
  });

  it('refuses another genesis, and to begin anew under a store that has seen a chain', async () => {
    await settledOne();
    await expect(start('dave', { digest: 'cd'.repeat(32) })).rejects.toThrow('is of another simulated chain');
    await expect(start('frank', { mayBeMade: false })).rejects.toThrow('is missing, but the store has seen a chain');
  });
});
