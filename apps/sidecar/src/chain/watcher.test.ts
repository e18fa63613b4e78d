import { createNodeEngine, createNodeSecp256k1Signer, createNodeVotingSigner } from '@fastpay/crypto/node';
import {
  type Address,
  committeeHash,
  domainSeparator,
  type Hash,
  type Network,
  PATH_USD,
  toAddress,
  toHash,
} from '@fastpay/protocol';
import { createMemoryKv, createMemoryMarker } from '@fastpay/storage';
import { type ChainBlock, type ChainDeposit, type TempoChain, TempoError } from '@fastpay/tempo';
import { createValidator } from '@fastpay/validator';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createMetrics } from '../observe/metrics.ts';
import { createReserveCheck } from './reserve-check.ts';
import { createChainState } from './state.ts';
import { createWatcher } from './watcher.ts';

const votingSigner = createNodeVotingSigner(new Uint8Array(32).fill(1));
const settlementSigner = createNodeSecp256k1Signer(new Uint8Array(32).fill(2));
const owner = toAddress(`0x${'aa'.repeat(20)}`);
const network: Network = {
  name: 'test',
  kind: 'devnet',
  domain: { chainId: 1n, reserve: toAddress(`0x${'11'.repeat(20)}`), salt: toHash(`0x${'22'.repeat(32)}`) },
  committee: {
    epoch: 0n,
    members: [
      { name: 'Dave', votingKey: votingSigner.publicKey, settlementAddress: settlementSigner.address, stake: 1n },
    ],
  },
  assets: [{ address: PATH_USD, symbol: 'USD', name: 'pathUSD' }],
  fees: { minimum: 0n, newRecipientSurcharge: 0n },
  exitDelaySeconds: 604_800n,
};

/** A chain that the test extends, swaps and breaks; the port's promises hold unless a test breaks them. */
function createScriptedChain() {
  const script = {
    fork: 'a',
    finalized: 0n,
    latest: 0n,
    deposits: [] as { height: bigint; account: Address; amount: bigint }[],
    /** Deposits that the node leaves out of its answers. */
    hidden: new Set<number>(),
    failing: undefined as Error | undefined,
    /** Happens while events are read. */
    onRead: () => undefined as unknown,
    ranges: [] as string[],
    reserveSalt: network.domain.salt,
    deploymentHeight: 0n,
  };
  const hashAt = (height: bigint): Hash =>
    toHash(`0x${Buffer.from(`${script.fork}${height}`).toString('hex').padStart(64, '0')}`);
  const blockAt = (height: bigint): ChainBlock => ({ height, hash: hashAt(height), timestamp: 1_000n + height });
  const answer = <Value>(value: () => Value): Promise<Value> =>
    script.failing ? Promise.reject(script.failing) : Promise.resolve().then(value);
  const source: TempoChain = {
    head: () => answer(() => ({ latest: blockAt(script.latest), finalized: blockAt(script.finalized) })),
    block: (height) => answer(() => (height <= script.latest ? blockAt(height) : undefined)),
    events: async (from, to) => ({ deposits: await source.deposits(from, to), settlements: [], exits: [] }),
    deposits: (from, to) =>
      answer(() => {
        script.ranges.push(`${from}-${to}`);
        script.onRead();
        return script.deposits.flatMap(({ height, account, amount }, index): ChainDeposit[] =>
          height < from || height > to || script.hidden.has(index)
            ? []
            : [
                {
                  index: BigInt(index),
                  account: { owner: account, asset: PATH_USD },
                  amount,
                  block: blockAt(height),
                  transactionHash: toHash(`0x${'99'.repeat(32)}`),
                },
              ],
        );
      }),
    settlements: () => answer(() => []),
    exits: () => answer(() => []),
    reserveInfo: () =>
      answer(() => ({
        committeeHash: committeeHash(network.committee),
        epoch: 0n,
        salt: script.reserveSalt,
        domainSeparator: domainSeparator({ ...network.domain, salt: script.reserveSalt }),
        depositCount: BigInt(script.deposits.length),
        exitDelaySeconds: network.exitDelaySeconds,
        deploymentHeight: script.deploymentHeight,
      })),
    accountOnChain: () => Promise.reject(new Error('not asked for')),
  };
  return { script, source };
}

function setup() {
  const { script, source } = createScriptedChain();
  const validator = createValidator(
    { network, signer: 0 },
    {
      kv: createMemoryKv(),
      marker: createMemoryMarker(),
      engine: createNodeEngine(),
      votingSigner,
      settlementSigner,
      newStoreId: () => new Uint8Array(16),
    },
  );
  const log: string[] = [];
  const metrics = createMetrics({ withProcess: false });
  const state = createChainState({ staleAfterMs: 60_000 }, { validator, unixMs: () => 1_000_000 });
  const wrongReserve: string[] = [];
  const watcher = createWatcher(
    { pollIntervalMs: 10, rangeBlocks: 10 },
    {
      source,
      validator,
      state,
      reserveCheck: createReserveCheck(network, { source }),
      metrics,
      log: pino({}, { write: (line: string) => log.push(JSON.parse(line).msg) }),
      fatal: (reason) => {
        throw new Error(reason);
      },
      onWrongReserve: (problem) => wrongReserve.push(problem),
      onLooked: () => undefined,
    },
  );
  const balance = async () => {
    const account = { owner, asset: PATH_USD };
    const { signed } = await validator.account(account, new Uint8Array(16), { nowMs: 1_000_000 });
    return signed.statement.balance;
  };
  return { script, validator, watcher, state, metrics, log, wrongReserve, balance };
}

it('takes in deposits when their block is final, each once, in bounded ranges', async () => {
  const { script, validator, watcher, balance } = setup();
  script.deposits.push({ height: 25n, account: owner, amount: 7n });
  Object.assign(script, { finalized: 24n, latest: 26n });
  await watcher.look();
  expect(await balance()).toBe(0n);
  Object.assign(script, { finalized: 25n, latest: 27n });
  await watcher.look();
  await watcher.look();
  expect(await balance()).toBe(7n);
  expect(validator.finalized()?.height).toBe(25n);
  expect(script.ranges).toEqual(['0-9', '10-19', '20-26', '25-27']);
});

it('leaves blocks without events for a later write, but not for long', async () => {
  const { script, watcher, validator, balance } = setup();
  const look = async (finalized: bigint) => {
    Object.assign(script, { finalized, latest: finalized });
    await watcher.look();
    return validator.finalized()?.height;
  };
  expect([await look(20n), await look(21n), await look(22n), await look(23n)]).toEqual([20n, 20n, 22n, 22n]);
  script.deposits.push({ height: 23n, account: owner, amount: 7n });
  // What is in them is found with the next block, whatever the node said before.
  expect(await look(24n)).toBe(24n);
  expect(await balance()).toBe(7n);
  expect(script.ranges.slice(-2)).toEqual(['23-23', '23-24']);
});

it('begins where the reserve was deployed', async () => {
  const { script, watcher, validator } = setup();
  Object.assign(script, { finalized: 1_000_005n, latest: 1_000_005n, deploymentHeight: 1_000_000n });
  await watcher.look();
  expect(script.ranges).toEqual(['1000000-1000005']);
  expect(validator.finalized()?.height).toBe(1_000_005n);
});

it('outlives a node that does not answer, and goes on where it was', async () => {
  const { script, watcher, state, log, balance } = setup();
  Object.assign(script, { finalized: 5n, latest: 5n });
  await watcher.look();
  script.failing = new TempoError('UNREACHABLE', 'the node cannot be reached');
  for (let attempt = 0; attempt < 5; attempt++) await watcher.look();
  expect(log.filter((message) => message === 'looking at the chain failed')).toHaveLength(1);
  script.failing = undefined;
  script.deposits.push({ height: 6n, account: owner, amount: 7n });
  Object.assign(script, { finalized: 6n, latest: 6n });
  await watcher.look();
  expect(await balance()).toBe(7n);
  expect(log).toContain('the node answers again');
  expect(state.notReadyReason()).toBeUndefined();
});

it('waits while the node reports an older head, and says so once', async () => {
  const { script, watcher, validator, metrics, log } = setup();
  Object.assign(script, { finalized: 20n, latest: 20n });
  await watcher.look();
  Object.assign(script, { finalized: 12n, latest: 12n });
  await watcher.look();
  await watcher.look();
  expect(validator.finalized()?.height).toBe(20n);
  expect(log.filter((message) => message.includes('older finalized block'))).toHaveLength(1);
  expect(await metrics.registry.metrics()).toContain('fastpay_chain_backwards_total 1');
  Object.assign(script, { finalized: 22n, latest: 22n });
  await watcher.look();
  expect(validator.finalized()?.height).toBe(22n);
  expect(log).toContain('the node has caught up');
});

it('stops voting on another chain, takes nothing from it, and goes on when its own is back', async () => {
  const { script, watcher, validator, state, metrics, log, balance } = setup();
  Object.assign(script, { finalized: 20n, latest: 20n });
  await watcher.look();
  script.deposits.push({ height: 21n, account: owner, amount: 7n });
  Object.assign(script, { fork: 'b', finalized: 30n, latest: 30n });
  await watcher.look();
  await watcher.look();
  expect(state.foreignReason()).toContain('this store belongs to another chain');
  expect(state.notReadyReason()).toBe(state.foreignReason());
  expect(validator.finalized()?.height).toBe(20n);
  expect(await balance()).toBe(0n);
  expect(log.filter((message) => message.includes('another chain'))).toHaveLength(1);
  expect(await metrics.registry.metrics()).toContain('fastpay_chain_foreign 1');
  script.fork = 'a';
  await watcher.look();
  expect(state.foreignReason()).toBeUndefined();
  expect(await balance()).toBe(7n);
});

it('takes in nothing when the node was exchanged while it was read', async () => {
  const { script, watcher, validator, state, balance } = setup();
  Object.assign(script, { finalized: 20n, latest: 20n });
  await watcher.look();
  script.deposits.push({ height: 21n, account: owner, amount: 7n });
  Object.assign(script, { finalized: 21n, latest: 21n, onRead: () => Object.assign(script, { fork: 'b' }) });
  await watcher.look();
  expect(state.foreignReason()).toContain('another chain');
  expect(validator.finalized()?.height).toBe(20n);
  expect(await balance()).toBe(0n);
});

it('knows another chain by its block of the same height, too', async () => {
  const { script, watcher, state } = setup();
  Object.assign(script, { finalized: 20n, latest: 20n });
  await watcher.look();
  script.fork = 'b';
  await watcher.look();
  expect(state.foreignReason()).toContain('another chain');
});

it("gives up on a reserve that is not the manifest's, but keeps serving a store that knew the right one", async () => {
  const fresh = setup();
  fresh.script.reserveSalt = toHash(`0x${'33'.repeat(32)}`);
  await fresh.watcher.look();
  expect(fresh.wrongReserve).toEqual([expect.stringContaining('has another domain')]);

  const old = setup();
  Object.assign(old.script, { finalized: 20n, latest: 20n });
  await old.watcher.look();
  old.script.failing = new TempoError('UNREACHABLE', 'the node is being replaced');
  await old.watcher.look();
  Object.assign(old.script, { failing: undefined, reserveSalt: toHash(`0x${'33'.repeat(32)}`) });
  await old.watcher.look();
  expect(old.wrongReserve).toEqual([]);
  expect(old.state.foreignReason()).toContain('has another domain');
});

it('finds a deposit that the node had left out, and never takes in a later one without it', async () => {
  const { script, watcher, validator, log, balance } = setup();
  script.deposits.push({ height: 5n, account: owner, amount: 7n }, { height: 15n, account: owner, amount: 5n });
  script.hidden.add(0);
  Object.assign(script, { finalized: 14n, latest: 14n });
  await watcher.look();
  Object.assign(script, { finalized: 16n, latest: 16n });
  await watcher.look();
  expect(await balance()).toBe(0n);
  expect(validator.finalized()?.height).toBe(14n);
  script.hidden.clear();
  await watcher.look();
  expect(await balance()).toBe(12n);
  expect(log).toContain('the node left out a deposit before; reading all blocks again');
});
