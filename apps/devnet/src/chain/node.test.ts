import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../ports.ts';
import { createJsonRpc } from './json-rpc.ts';
import { type ChainNode, type ChainNodeOptions, startChainNode } from './node.ts';

let directory = '';
let node: ChainNode | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-node-'));
});
afterEach(async () => {
  if (node?.child.isRunning) await node.stop();
  rmSync(directory, { recursive: true });
});

async function options(): Promise<ChainNodeOptions> {
  return {
    port: await freePort(),
    blockTimeSeconds: 0.1,
    snapshotFile: join(directory, 'chain/snapshot.json.gz'),
    logFile: join(directory, 'node.log'),
  };
}

interface Block {
  readonly number: string;
  readonly hash: string;
}

const block = async (rpcUrl: string, tag: string) =>
  (await createJsonRpc(rpcUrl)('eth_getBlockByNumber', tag, false)) as Block;

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
  const failed = node.failed;
  await node.child.kill();
  expect(await failed).toContain('the Tempo node was ended by SIGKILL');

  node = await startChainNode({ ...first, port: await freePort() });
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
});

test('a snapshot that is no snapshot is named, and no node is left', async () => {
  const broken = { ...(await options()), snapshotFile: join(directory, 'snapshot.json.gz') };
  writeFileSync(broken.snapshotFile, 'not packed');
  await expect(startChainNode(broken)).rejects.toThrow('snapshot.json.gz cannot be read');
});
