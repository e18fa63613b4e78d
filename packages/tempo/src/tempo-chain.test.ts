import { PATH_USD, toAddress } from '@fastpay/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonRpc } from './json-rpc.ts';
import { tempoLimits } from './limits.ts';
import { createTempoChain } from './tempo-chain.ts';
import { createOrder } from './testing/committee.fixtures.ts';
import { abandonFrom, headWhenThereIsOne } from './testing/head.fixtures.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer } from './testing/payers.fixtures.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

let created = 0;
const newPayer = () => {
  created += 1;
  return createPayer('secp256k1', created);
};

const chainOver = (rpc: JsonRpc, reserve = lab.reserve) =>
  createTempoChain({ rpcUrl: lab.node.rpcUrl, reserve }, { rpc });

async function latestHeight(): Promise<bigint> {
  return (await headWhenThereIsOne(lab.chain)).latest.height;
}

it('knows the newest block and the newest that is final', async () => {
  const { latest, finalized } = await lab.chain.head();
  expect(latest.height).toBeGreaterThanOrEqual(finalized.height);
  expect(await lab.chain.block(finalized.height)).toEqual(finalized);
  expect(Math.abs(Number(latest.timestamp) - Date.now() / 1_000)).toBeLessThan(60);
});

it('has no block that is not there yet', async () => {
  expect(await lab.chain.block((await latestHeight()) + 100_000n)).toBeUndefined();
});

it('finds every event of a range that takes several queries, and nothing outside of it', async () => {
  const { address } = newPayer();
  await lab.deposit([{ account: address, amount: 1n }]);
  const from = await latestHeight();
  await lab.rpc.request('anvil_mine', [`0x${tempoLimits.logRangeBlocks.toString(16)}`, '0x1']);
  await lab.deposit([
    { account: address, amount: 2n },
    { account: address, amount: 3n },
  ]);
  const to = await latestHeight();
  const own = async (start: bigint, end: bigint) =>
    (await lab.chain.deposits(start, end))
      .filter(({ account }) => account.owner === address)
      .map(({ amount }) => amount);
  expect(to - from).toBeGreaterThan(tempoLimits.logRangeBlocks);
  expect(await own(lab.deployHeight, to)).toEqual([1n, 2n, 3n]);
  expect(await own(from + 1n, to)).toEqual([2n, 3n]);
  expect(await own(lab.deployHeight, from)).toEqual([1n]);
  expect(await lab.chain.deposits(to, to - 1n)).toEqual([]);
});

it('refuses a range without bound', async () => {
  await expect(lab.chain.deposits(0n, tempoLimits.queryRangeBlocks)).rejects.toThrow(RangeError);
});

it('says when there is no reserve', async () => {
  const chain = chainOver(lab.rpc, toAddress(`0x${'77'.repeat(20)}`));
  await expect(chain.reserveInfo()).rejects.toMatchObject({ code: 'WRONG_RESERVE' });
  await expect(chain.accountOnChain({ owner: lab.reserve, asset: PATH_USD })).rejects.toMatchObject({
    code: 'WRONG_RESERVE',
  });
});

it('knows nothing of an account that the reserve never saw', async () => {
  const { address: owner } = newPayer();
  const empty = { balance: 0n, nextSequence: 0n, owed: 0n };
  expect(await lab.chain.accountOnChain({ owner, asset: PATH_USD })).toEqual(empty);
});

describe('when blocks are abandoned', () => {
  it('asks again rather than report an event of a block that has just gone', async () => {
    const payer = newPayer();
    await lab.deposit([{ account: payer.address, amount: 1_000_000n }]);
    const order = createOrder({ sender: payer.address, recipient: newPayer().address, amount: 5n, sequence: 0n });
    const { receipt } = await lab.settle([await lab.certify(order, payer)]);
    const height = receipt.blockHeight;

    let events = 0;
    const racing: JsonRpc = {
      async request(method, params) {
        const answer = await lab.rpc.request(method, params);
        if (method === 'eth_getLogs') {
          events = (answer as readonly unknown[]).length;
          // Between the events and their blocks, the chain goes another way.
          await abandonFrom(lab.chain, lab.rpc, height);
        }
        return answer;
      },
    };
    await expect(chainOver(racing).settlements(height, height)).rejects.toMatchObject({
      code: 'REORGANIZED',
      retryable: true,
    });
    expect(events).toBe(1);
    expect(await lab.chain.settlements(height, await latestHeight())).toEqual([]);
    expect(await lab.balance(payer.address)).toBe(1_000_000n);
  });

  it('does not take events that the node itself calls removed', async () => {
    const payer = newPayer();
    await lab.deposit([{ account: payer.address, amount: 1n }]);
    const removing: JsonRpc = {
      async request(method, params) {
        const answer = await lab.rpc.request(method, params);
        if (method !== 'eth_getLogs') return answer;
        return (answer as readonly object[]).map((log) => ({ ...log, removed: true }));
      },
    };
    const to = await latestHeight();
    await expect(chainOver(removing).deposits(0n, to)).rejects.toMatchObject({ code: 'REORGANIZED' });
  });
});

describe('a node that answers nonsense is not believed', () => {
  const answering = (changes: Record<string, (answer: unknown) => unknown>): JsonRpc => ({
    async request(method, params) {
      const answer = await lab.rpc.request(method, params);
      return changes[method]?.(answer) ?? answer;
    },
  });
  const changeLog = (change: object) => (logs: unknown) =>
    (logs as readonly object[]).map((log) => ({ ...log, ...change }));

  it.each([
    ['no number', { number: null }],
    ['a short hash', { hash: '0x12' }],
    ['a timestamp that is no number', { timestamp: 'today' }],
  ])('in blocks: %s', async (_, change) => {
    const rpc = answering({ eth_getBlockByNumber: (block) => ({ ...(block as object), ...change }) });
    await expect(chainOver(rpc).head()).rejects.toMatchObject({ code: 'BAD_ANSWER' });
  });

  it('in blocks: another height than was asked for', async () => {
    const rpc = answering({ eth_getBlockByNumber: (block) => ({ ...(block as object), number: '0x1' }) });
    await expect(chainOver(rpc).block(2n)).rejects.toMatchObject({ code: 'BAD_ANSWER' });
  });

  it.each([
    ['no topics', { topics: [] }],
    ['too few topics', { topics: undefined }],
    ['short data', { data: '0x00' }],
    ['a block out of range', { blockNumber: '0xffffffff' }],
    ['no transaction', { transactionHash: null }],
  ])('in events: %s', async (_, change) => {
    await lab.deposit([{ account: newPayer().address, amount: 1n }]);
    const to = await latestHeight();
    const rpc = answering({ eth_getLogs: changeLog(change) });
    await expect(chainOver(rpc).deposits(0n, to)).rejects.toMatchObject({ code: 'BAD_ANSWER' });
  });

  it('in views', async () => {
    const rpc = answering({ eth_call: () => '0x01zz' });
    await expect(chainOver(rpc).reserveInfo()).rejects.toMatchObject({ code: 'BAD_ANSWER' });
  });
});
