import { type Address, PATH_USD, toAddress, ZERO_ADDRESS } from '@fastpay/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressIn, objectIn } from './answers.ts';
import { depositCalls, encodeDeposit } from './deposit.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer } from './testing/payers.fixtures.ts';
import { createToken } from './testing/token.fixtures.ts';
import type { TempoCall } from './transaction.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

const alice = createPayer('secp256k1', 1).address;
const bob = createPayer('secp256k1', 2).address;

const send = (calls: readonly TempoCall[]) => lab.send(lab.treasury, calls);

async function allDeposits() {
  const { latest } = await lab.chain.head();
  return lab.chain.deposits(0n, latest.height);
}

it('credits what arrived and numbers deposits without gaps, over accounts and assets', async () => {
  const token = await createToken(lab, 'Second asset');
  const before = await lab.tokens(lab.reserve);
  await lab.deposit([{ account: alice, amount: 5_000_000n }]);
  await lab.deposit([
    { account: bob, amount: 1n },
    { account: alice, amount: 70n },
  ]);
  await lab.deposit([{ account: bob, amount: 9n }], token.address);

  expect(await lab.balance(alice)).toBe(5_000_070n);
  expect(await lab.balance(bob)).toBe(1n);
  expect(await lab.balance(bob, token.address)).toBe(9n);
  expect((await lab.tokens(lab.reserve)) - before).toBe(5_000_071n);
  expect(await lab.tokens(lab.reserve, token.address)).toBe(9n);

  const deposits = await allDeposits();
  expect(deposits.map(({ index, account, amount }) => ({ index, account, amount }))).toEqual([
    { index: 0n, account: { owner: alice, asset: PATH_USD }, amount: 5_000_000n },
    { index: 1n, account: { owner: bob, asset: PATH_USD }, amount: 1n },
    { index: 2n, account: { owner: alice, asset: PATH_USD }, amount: 70n },
    { index: 3n, account: { owner: bob, asset: token.address }, amount: 9n },
  ]);
  for (const { block } of deposits) expect(block).toEqual(await lab.chain.block(block.height));
  expect((await lab.chain.reserveInfo()).depositCount).toBe(4n);
});

describe('refuses, with nothing changed,', () => {
  const virtual = toAddress(`0x12345678${'fd'.repeat(10)}112233445566`);
  const tokenNotCreated = toAddress('0x20c00000000000000000000000000000000000ff');
  const refused: readonly (readonly [name: string, asset: Address, account: () => Address, amount: bigint])[] = [
    ['the zero account', PATH_USD, () => ZERO_ADDRESS, 1n],
    ['the reserve itself', PATH_USD, () => lab.reserve, 1n],
    ['a token as account', PATH_USD, () => tokenNotCreated, 1n],
    ['a virtual account', PATH_USD, () => virtual, 1n],
    ['nothing', PATH_USD, () => alice, 0n],
    ['a token that was never created', tokenNotCreated, () => alice, 1n],
    ['an asset without the token prefix', toAddress(`0x${'77'.repeat(20)}`), () => alice, 1n],
  ];

  it.each(refused)('%s', async (_, asset, account, amount) => {
    const before = await state(account());
    // Approved separately, so that only the deposit can fail.
    await send(depositCalls(lab.reserve, PATH_USD, alice, amount).slice(0, 1));
    const calls = [{ to: lab.reserve, data: encodeDeposit(asset, account(), amount) }];
    await expect(send(calls)).rejects.toMatchObject({ code: 'REVERTED' });
    expect(await state(account())).toEqual(before);
  });

  it('a contract that behaves like a token and is none', async () => {
    // Takes any amount as its balance when called like transferFrom, and tells it when called otherwise.
    const code = '0x601d8060095f395ff336606414600f575f545f5260205ff35b6044355f5560015f5260205ff3';
    const { transactionHash } = await send([{ data: code }]);
    const receipt = objectIn(await lab.rpc.request('eth_getTransactionReceipt', [transactionHash]), 'receipt');
    const imitation = addressIn(receipt.contractAddress, 'contract');
    const calls = [{ to: lab.reserve, data: encodeDeposit(imitation, alice, 7n) }];
    await expect(send(calls)).rejects.toMatchObject({ code: 'REVERTED' });
    expect(await lab.balance(alice, imitation)).toBe(0n);
  });

  it('more than was approved', async () => {
    const before = await state(alice);
    const [approve] = depositCalls(lab.reserve, PATH_USD, alice, 99n);
    const deposit = { to: lab.reserve, data: encodeDeposit(PATH_USD, alice, 100n) };
    await expect(send([approve as TempoCall, deposit])).rejects.toMatchObject({ code: 'REVERTED' });
    expect(await state(alice)).toEqual(before);
  });

  it('a token whose issuer stopped it', async () => {
    const token = await createToken(lab, 'Paused asset');
    await token.pause();
    await expect(send(depositCalls(lab.reserve, token.address, alice, 5n))).rejects.toMatchObject({ code: 'REVERTED' });
    await token.unpause();
    await send(depositCalls(lab.reserve, token.address, alice, 5n));
    expect(await lab.balance(alice, token.address)).toBe(5n);
  });

  async function state(account: Address) {
    const { depositCount } = await lab.chain.reserveInfo();
    return { depositCount, balance: await lab.balance(account), tokens: await lab.tokens(lab.reserve) };
  }
});
