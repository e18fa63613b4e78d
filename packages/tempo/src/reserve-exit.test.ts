import { type Address, PATH_USD } from '@fastpay/protocol';
import * as AbiFunction from 'ox/AbiFunction';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quantityIn } from './answers.ts';
import { ethCall } from './eth-call.ts';
import { encodeCancelExit, encodeExit, encodeRequestExit } from './exit.ts';
import { reserveAbi } from './gen/reserve.ts';
import { encodeRelease } from './release.ts';
import { decodeReserveEvents } from './reserve-events.ts';
import { settle } from './settle.ts';
import { createOrder } from './testing/committee.fixtures.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer } from './testing/payers.fixtures.ts';
import { createToken, type TestToken } from './testing/token.fixtures.ts';

/** The way out that needs no validator (§6): ask, wait, take what is there. */

const DELAY = 3_600n;
let lab: Lab;
let token: TestToken;
beforeAll(async () => {
  lab = await startLab({ exitDelaySeconds: DELAY });
  token = await createToken(lab, 'Exit dollar');
});
afterAll(() => lab.stop());

let created = 0;
async function newOwner(amount = 0n) {
  created += 1;
  const owner = createPayer('secp256k1', created);
  await lab.fund([{ account: owner.address, amount: 10_000_000n }]);
  if (amount > 0n) await lab.deposit([{ account: owner.address, amount }], token.address);
  return owner;
}
type Owner = Awaited<ReturnType<typeof newOwner>>;

const steps = { request: encodeRequestExit, cancel: encodeCancelExit, execute: encodeExit };
async function send(step: keyof typeof steps, owner: Owner) {
  const receipt = await lab.send(owner, [{ to: lab.reserve, data: steps[step](token.address) }], 3_000_000n);
  const block = await lab.chain.block(receipt.blockHeight);
  return { events: decodeReserveEvents(receipt.logs, lab.reserve), timestamp: block?.timestamp ?? 0n };
}
const refused = (step: keyof typeof steps, owner: Owner) =>
  expect(send(step, owner)).rejects.toMatchObject({ code: 'REVERTED' });

const view = AbiFunction.fromAbi(reserveAbi, 'exitReadyAt');
async function readyAt(owner: Address) {
  const data = AbiFunction.encodeData(view, [token.address, owner]);
  return quantityIn(await ethCall(lab.rpc, { to: lab.reserve, data }, 'ready'), 'ready');
}
const passTime = (seconds: bigint) => lab.rpc.request('evm_increaseTime', [Number(seconds)]);

const pay = (from: Owner, to: Owner, amount: bigint, sequence: bigint) =>
  lab.certify(
    createOrder({ sender: from.address, recipient: to.address, amount, sequence, fee: 0n, asset: token.address }),
    from,
  );

it('pays the whole balance after the delay, not before, and once', async () => {
  const alice = await newOwner(1_000n);
  const { events, timestamp } = await send('request', alice);
  const account = { owner: alice.address, asset: token.address };
  expect(events).toMatchObject([{ type: 'exitRequested', account, readyAt: timestamp + DELAY }]);
  expect(await readyAt(alice.address)).toBe(timestamp + DELAY);
  await refused('execute', alice);
  await refused('request', alice);
  await passTime(DELAY);
  expect((await send('execute', alice)).events).toMatchObject([{ type: 'exited', account, amount: 1_000n }]);
  expect(await lab.tokens(alice.address, token.address)).toBe(1_000n);
  expect(await lab.balance(alice.address, token.address)).toBe(0n);
  expect(await readyAt(alice.address)).toBe(0n);
  await refused('execute', alice);
});

it('is called off by a cancel, and needs the whole delay when asked again', async () => {
  const alice = await newOwner(1_000n);
  await refused('cancel', alice);
  await send('request', alice);
  await passTime(DELAY);
  const account = { owner: alice.address, asset: token.address };
  expect((await send('cancel', alice)).events).toMatchObject([{ type: 'exitCancelled', account }]);
  expect(await readyAt(alice.address)).toBe(0n);
  await refused('execute', alice);
  await send('request', alice);
  await refused('execute', alice);
  expect(await lab.balance(alice.address, token.address)).toBe(1_000n);
});

it('is of one asset and of its owner only', async () => {
  const [alice, bob] = [await newOwner(1_000n), await newOwner(1_000n)];
  await lab.deposit([{ account: alice.address, amount: 7n }]);
  await send('request', alice);
  await passTime(DELAY);
  await refused('execute', bob);
  const other = lab.send(alice, [{ to: lab.reserve, data: encodeExit(PATH_USD) }], 3_000_000n);
  await expect(other).rejects.toMatchObject({ code: 'REVERTED' });
  expect(await lab.balance(alice.address)).toBe(7n);
});

describe('races with settlements:', () => {
  it('deposits and settlements go on while it is requested, and it pays what is there at the end', async () => {
    const [alice, bob] = [await newOwner(1_000n), await newOwner(500n)];
    await send('request', alice);
    const outcomes = (await lab.settle([await pay(alice, bob, 300n, 0n), await pay(bob, alice, 50n, 0n)])).outcomes;
    expect(outcomes).toEqual(['SETTLED', 'SETTLED']);
    await lab.deposit([{ account: alice.address, amount: 11n }], token.address);
    await passTime(DELAY);
    expect((await send('execute', alice)).events).toMatchObject([{ type: 'exited', amount: 761n }]);
    expect(await lab.tokens(alice.address, token.address)).toBe(761n);
  });

  it('a payment that comes after it waits for money, and settles once there is some', async () => {
    const [alice, bob] = [await newOwner(1_000n), await newOwner(500n)];
    const late = await pay(alice, bob, 300n, 0n);
    await send('request', alice);
    await passTime(DELAY);
    await send('execute', alice);
    expect((await lab.settle([late])).outcomes).toEqual(['INSUFFICIENT_BALANCE']);
    expect((await lab.settleAttested([late])).outcomes).toEqual(['INSUFFICIENT_BALANCE']);
    expect((await lab.settle([await pay(bob, alice, 400n, 0n), late])).outcomes).toEqual(['SETTLED', 'SETTLED']);
    expect(await lab.balance(alice.address, token.address)).toBe(100n);
    await send('request', alice);
    await passTime(DELAY);
    expect((await send('execute', alice)).events).toMatchObject([{ type: 'exited', amount: 100n }]);
  });
});

it('leaves the used slots used', async () => {
  const [alice, bob] = [await newOwner(1_000n), await newOwner()];
  const paid = await pay(alice, bob, 300n, 0n);
  await lab.settle([paid]);
  await send('request', alice);
  await passTime(DELAY);
  await send('execute', alice);
  await lab.deposit([{ account: alice.address, amount: 1_000n }], token.address);
  expect((await lab.settle([paid])).outcomes).toEqual(['ALREADY_SETTLED']);
});

it('of an empty account ends the request and pays nothing', async () => {
  const alice = await newOwner();
  await send('request', alice);
  await passTime(DELAY);
  expect((await send('execute', alice)).events).toMatchObject([{ type: 'exited', amount: 0n }]);
});

it('leaves the money as owed when the token refuses, for anyone to release later', async () => {
  const alice = await newOwner(1_000n);
  await send('request', alice);
  await passTime(DELAY);
  await token.block(alice.address);
  const { events } = await send('execute', alice);
  expect(events).toMatchObject([
    { type: 'exited', amount: 1_000n },
    { type: 'owed', recipient: alice.address, amount: 1_000n },
  ]);
  expect(await lab.balance(alice.address, token.address)).toBe(0n);
  await token.unblock(alice.address);
  await lab.send(lab.treasury, [{ to: lab.reserve, data: encodeRelease(token.address, alice.address) }]);
  expect(await lab.tokens(alice.address, token.address)).toBe(1_000n);
});

it('leaves the fees that the owner earned by settling where they wait', async () => {
  const [alice, bob] = [await newOwner(1_000n), await newOwner(50n)];
  const order = createOrder({
    sender: alice.address,
    recipient: bob.address,
    amount: 10n,
    fee: 30n,
    sequence: 0n,
    asset: token.address,
  });
  const { rpcUrl } = lab.node;
  const certificates = [await lab.certify(order, alice)];
  const { committee } = lab.committee;
  await settle({ rpcUrl, reserve: lab.reserve, signer: bob, certificates, committee, feeToken: PATH_USD });
  await send('request', bob);
  await passTime(DELAY);
  const { events } = await send('execute', bob);
  expect(events).toMatchObject([{ type: 'exited', amount: 60n }]);
  const account = { owner: bob.address, asset: token.address };
  expect(await lab.chain.accountOnChain(account)).toMatchObject({ balance: 0n, owed: 30n });
  await lab.send(lab.treasury, [{ to: lab.reserve, data: encodeRelease(token.address, bob.address) }]);
  expect(await lab.tokens(bob.address, token.address)).toBe(90n);
});
