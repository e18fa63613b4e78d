import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PATH_USD, toAddress } from '@fastpay/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TempoError } from '../errors.ts';
import { fundAccount } from '../fund.ts';
import { createJsonRpc } from '../json-rpc.ts';
import { createTempoChain } from '../tempo-chain.ts';
import { startLab } from '../testing/lab.fixtures.ts';
import { createPayer } from '../testing/payers.fixtures.ts';
import { tokenBalance } from '../tip20.ts';
import { chainIdOf } from '../transaction.ts';
import { DEV_ACCOUNTS, devAccount } from './dev-account.ts';
import { startTempoNode, type TempoNode, type TempoNodeOptions } from './start-tempo-node.ts';

let directory: string;
let nodes: TempoNode[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tempo-node-'));
  nodes = [];
});
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await rm(directory, { recursive: true });
});

async function start(options: TempoNodeOptions = {}): Promise<TempoNode> {
  const node = await startTempoNode({ blockTimeSeconds: 0.05, ...options });
  nodes.push(node);
  return node;
}

const recipient = toAddress(`0x${'ab'.repeat(20)}`);
const give = (node: TempoNode, amount: bigint) =>
  fundAccount({ rpcUrl: node.rpcUrl, signer: devAccount(0), asset: PATH_USD, account: recipient, amount });
const given = (node: TempoNode) => tokenBalance(createJsonRpc({ url: node.rpcUrl }), PATH_USD, recipient);

async function ended(node: TempoNode): Promise<boolean> {
  await node.exited;
  return node.process.exitCode !== null || node.process.signalCode !== null;
}

it('runs a chain of the id asked for, with accounts that own tokens', async () => {
  const node = await start({ chainId: 98_765 });
  const rpc = createJsonRpc({ url: node.rpcUrl });
  expect(await chainIdOf(rpc)).toBe(98_765n);
  for (let index = 0; index < DEV_ACCOUNTS; index++) {
    expect(await tokenBalance(rpc, PATH_USD, devAccount(index).address)).toBe((1n << 64n) - 1n);
  }
  expect(() => devAccount(DEV_ACCOUNTS)).toThrow(RangeError);
});

it('listens on the loopback interface, on the port asked for', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, 'close');
  const node = await start({ port });
  expect(node.rpcUrl).toBe(`http://127.0.0.1:${port}`);
});

it('ends when told to, once or twice, and after it was killed', async () => {
  const node = await start();
  await node.stop();
  expect(await ended(node)).toBe(true);
  await node.stop();

  const killed = await start({ stateFile: join(directory, 'state.json') });
  killed.process.kill('SIGKILL');
  await killed.exited;
  await killed.stop();
});

it('ends when its caller is killed without a chance to stop it', async () => {
  const launcher = JSON.stringify(new URL('./start-tempo-node.ts', import.meta.url).href);
  const source = `const { startTempoNode } = await import(${launcher});
    const node = await startTempoNode();
    console.log(node.rpcUrl);`;
  const caller = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(caller.stdout, 'data')) as [Buffer];
  const rpc = createJsonRpc({ url: line.toString().trim() });
  expect(await chainIdOf(rpc)).toBe(31_337n);
  caller.kill('SIGKILL');
  await expect
    .poll(() => chainIdOf(rpc).catch((error: TempoError) => error.code), { timeout: 20_000 })
    .toBe('UNREACHABLE');
});

describe('with a state file', () => {
  it('goes on with the same chain after a stop: blocks, receipts, events, balances, nonces', async () => {
    const stateFile = join(directory, 'state.json');
    const lab = await startLab({ node: { stateFile } });
    const alice = createPayer('secp256k1', 1).address;
    await lab.deposit([{ account: alice, amount: 7_000_000n }]);
    const before = await lab.chain.head();
    const deposits = await lab.chain.deposits(0n, before.latest.height);
    const info = await lab.chain.reserveInfo();
    await lab.stop();

    const node = await start({ stateFile });
    const chain = createTempoChain({ rpcUrl: node.rpcUrl, reserve: lab.reserve });
    expect(await chain.block(before.latest.height)).toEqual(before.latest);
    expect(await chain.deposits(0n, before.latest.height)).toEqual(deposits);
    expect(await chain.reserveInfo()).toEqual(info);
    expect(await chain.accountOnChain({ owner: alice, asset: PATH_USD })).toMatchObject({ balance: 7_000_000n });
    const receipt = await createJsonRpc({ url: node.rpcUrl }).request('eth_getTransactionReceipt', [
      deposits[0]?.transactionHash,
    ]);
    expect(receipt).toMatchObject({ status: '0x1', blockHash: deposits[0]?.block.hash });
    await give(node, 5n);
    expect((await chain.head()).latest.height).toBeGreaterThan(before.latest.height);
  });

  it('loses nothing up to the last copy when it is killed', async () => {
    const stateFile = join(directory, 'state.json');
    // Copies only when asked to.
    const node = await start({ stateFile, checkpointIntervalMs: 3_600_000 });
    expect(node.durableHeight()).toBeUndefined();
    const { blockHeight, blockHash } = await give(node, 5n);
    const durable = await node.checkpoint();
    expect(durable).toBeGreaterThanOrEqual(blockHeight);
    expect(node.durableHeight()).toBe(durable);
    await give(node, 7n);
    expect(await given(node)).toBe(12n);
    node.process.kill('SIGKILL');
    await node.exited;

    const again = await start({ stateFile });
    expect(await given(again)).toBe(5n);
    const chain = createTempoChain({ rpcUrl: again.rpcUrl, reserve: recipient });
    expect(await chain.block(blockHeight)).toMatchObject({ hash: blockHash });
  });

  it('copies by itself again and again, never leaving a file half written', async () => {
    const stateFile = join(directory, 'state.json');
    const node = await start({ stateFile, checkpointIntervalMs: 1 });
    const { blockHeight } = await give(node, 5n);
    await expect.poll(() => node.durableHeight(), { timeout: 20_000 }).toBeGreaterThanOrEqual(blockHeight);
    node.process.kill('SIGKILL');
    await node.exited;
    expect(JSON.parse(gunzipSync(await readFile(stateFile)).toString())).toHaveProperty('accounts');
    expect(await given(await start({ stateFile }))).toBe(5n);
  });

  it('tells of every copy that fails, and goes on', async () => {
    const errors: unknown[] = [];
    const stateFile = join(directory, 'a-file', 'state.json');
    await writeFile(join(directory, 'a-file'), '');
    const node = await start({ stateFile, checkpointIntervalMs: 1, onCheckpointError: (error) => errors.push(error) });
    await expect.poll(() => errors.length, { timeout: 20_000 }).toBeGreaterThan(1);
    expect(errors[0]).toBeInstanceOf(Error);
    await rm(join(directory, 'a-file'));
    await expect.poll(() => node.durableHeight(), { timeout: 20_000 }).toBeDefined();
  });

  it('names what is wrong with a file that is no state, and leaves it alone', async () => {
    const stateFile = join(directory, 'state.json');
    await writeFile(stateFile, '{"block": ');
    await expect(start({ stateFile })).rejects.toMatchObject({
      code: 'NODE_FAILED',
      message: expect.stringMatching(/state\.json/),
    });
    expect(await readFile(stateFile, 'utf8')).toBe('{"block": ');
  });
});

it('says that the port is taken, and leaves nothing running', async () => {
  const first = await start();
  await expect(start({ port: first.port })).rejects.toMatchObject({
    code: 'NODE_FAILED',
    message: `the Tempo node did not start: port ${first.port} is already in use`,
  });
  expect(await chainIdOf(createJsonRpc({ url: first.rpcUrl }))).toBe(31_337n);
});

it('gives up a start that takes too long', async () => {
  await expect(start({ startTimeoutMs: 1 })).rejects.toMatchObject({ code: 'NODE_FAILED' });
});
