import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJsonRpc } from '@fastpay/tempo';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../ports.ts';
import { type ChainNode, type ChainNodeOptions, startChainNode } from './node.ts';

let directory = '';
let node: ChainNode | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-node-'));
});
afterEach(async () => {
  await node?.stop();
  node = undefined;
  rmSync(directory, { recursive: true });
});

async function options(): Promise<ChainNodeOptions> {
  return { port: await freePort(), blockTimeSeconds: 0.1, stateFile: join(directory, 'chain/state.json') };
}

interface Block {
  readonly number: string;
  readonly hash: string;
}

const block = async (rpcUrl: string, tag: string) =>
  (await createJsonRpc({ url: rpcUrl }).request('eth_getBlockByNumber', [tag, false])) as Block;

async function finalizedAbove(rpcUrl: string, height: bigint): Promise<Block> {
  for (;;) {
    const finalized = await block(rpcUrl, 'finalized');
    if (BigInt(finalized.number) > height) return finalized;
  }
}

test('what was final before SIGKILL is there afterwards, with the same hash', async () => {
  const first = await options();
  node = await startChainNode(first);
  const finalized = await finalizedAbove(node.rpcUrl, 5n);
  process.kill(node.pid, 'SIGKILL');
  expect(await node.failed).toContain('the Tempo node was ended by SIGKILL');
  await node.stop();

  node = await startChainNode(first);
  expect((await block(node.rpcUrl, finalized.number)).hash).toBe(finalized.hash);
  // And it goes on from there.
  expect(BigInt((await finalizedAbove(node.rpcUrl, BigInt(finalized.number))).number)).toBeGreaterThan(0n);
});

test('a stop in good order keeps every block', async () => {
  const first = await options();
  node = await startChainNode(first);
  await finalizedAbove(node.rpcUrl, 2n);
  const latest = await block(node.rpcUrl, 'latest');
  await node.stop();

  node = await startChainNode({ ...first, blockTimeSeconds: 60 });
  expect((await block(node.rpcUrl, latest.number)).hash).toBe(latest.hash);
  expect(BigInt((await block(node.rpcUrl, 'finalized')).number)).toBeGreaterThanOrEqual(BigInt(latest.number));
});

test('state that is no state is refused', async () => {
  const broken = { ...(await options()), stateFile: join(directory, 'state.json') };
  writeFileSync(broken.stateFile, 'not a chain');
  await expect(startChainNode(broken)).rejects.toThrow('the Tempo node did not start');
});
