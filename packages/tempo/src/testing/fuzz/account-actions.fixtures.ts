import { type Address, toAddress, ZERO_ADDRESS } from '@fastpay/protocol';
import { depositCalls } from '../../deposit.ts';
import { encodeCancelExit, encodeExit, encodeRequestExit } from '../../exit.ts';
import { encodeRelease } from '../../release.ts';
import { encodeTransfer } from '../../tip20.ts';
import type { TestToken } from '../token.fixtures.ts';
import { type Action, settleNow } from './batch-actions.fixtures.ts';
import { submitCalls } from './submit.fixtures.ts';
import { EXIT_DELAY_SECONDS, type User, type World } from './world.fixtures.ts';

/** What owners, holders and the tokens' issuer do. */

const MAX_U64 = (1n << 64n) - 1n;
const VIRTUAL = toAddress(`0x01020304${'fd'.repeat(10)}010203040506`);
/** Has the prefix of tokens, and no code. */
const NO_TOKEN = toAddress(`0x20c0000000000000000000000000000000bad000`);

interface Deposit {
  readonly caller: User;
  readonly asset: Address;
  readonly account: Address;
  readonly amount: bigint;
}

async function deposit(world: World, call: Deposit): Promise<string> {
  const { caller, asset, account, amount } = call;
  const { reserve, model, ledger, statistics } = world;
  const calls = depositCalls(reserve, asset, account, amount);
  const succeeded = await submitCalls(world, caller, calls, () => model.deposit({ ...call, caller: caller.address }));
  if (succeeded) ledger.balances.add(asset, account, amount);
  statistics.count(succeeded ? 'deposits taken' : 'deposits refused');
  return `${amount} of ${asset} for ${account}: ${succeeded ? 'taken' : 'refused'}`;
}

const anyToken = ({ random, tokens }: World): TestToken => random.pick(tokens);

function depositSome(forWhom: 'oneself' | 'another'): Action {
  return (world) => {
    const { random, users } = world;
    const caller = random.pick(users);
    const account = forWhom === 'oneself' ? caller : random.pick(users);
    const amount = 1n + BigInt(random.next()) * BigInt(1 + random.below(200));
    return deposit(world, { caller, asset: anyToken(world).address, account: account.address, amount });
  };
}

const depositMost: Action = (world) => {
  const { random, users, tokens } = world;
  const [caller, account] = [random.pick(users), random.pick(users).address];
  return deposit(world, { caller, asset: tokens[1].address, account, amount: MAX_U64 - BigInt(random.below(2)) });
};

/** As much as the whale can still hold, or one more. */
const depositToTheBound: Action = (world) => {
  const { random, users, tokens, model, whale } = world;
  const asset = tokens[1].address;
  const room = (1n << 128n) - 1n - model.accounts(asset, whale.address).balance;
  const [upTo, beyond] = ['deposits up to what an account can hold', 'deposits beyond what an account can hold'];
  const isBeyond = room === 0n || world.statistics.rarest([upTo, beyond]) === beyond;
  const amount = room >= MAX_U64 ? MAX_U64 : room + (isBeyond ? 1n : 0n);
  world.statistics.count(amount > room ? beyond : upTo);
  return deposit(world, { caller: random.pick(users), asset, account: whale.address, amount });
};

const depositWrongly: Action = (world) => {
  const { random, users, reserve, tokens } = world;
  const caller = random.pick(users);
  const good: Deposit = { caller, asset: tokens[0].address, account: caller.address, amount: 5n };
  const wrong: readonly Partial<Deposit>[] = [
    { amount: 0n },
    { amount: MAX_U64 },
    { account: ZERO_ADDRESS },
    { account: reserve },
    { account: VIRTUAL },
    { account: tokens[1].address },
    { asset: NO_TOKEN },
    { asset: reserve },
  ];
  return deposit(world, { ...good, ...random.pick(wrong) });
};

async function requestExit(world: World): Promise<string> {
  const { random, users, reserve, model, statistics, ledger } = world;
  const { address: asset } = anyToken(world);
  const paying = users.filter(({ address }) => ledger.pending(asset).some(({ slot }) => slot.owner === address));
  const owner = random.pick(paying.length > 0 && random.chance(2) ? paying : users);
  const calls = [{ to: reserve, data: encodeRequestExit(asset) }];
  const succeeded = await submitCalls(world, owner, calls, (now) => model.requestExit(asset, owner.address, now));
  statistics.count(succeeded ? 'exits requested' : 'exits requested twice');
  return `${owner.address} of ${asset}: ${succeeded}`;
}

/** Somebody with a request, if anybody has one. */
function leaving({ random, users, model, tokens }: World): { readonly asset: Address; readonly owner: User } {
  const all = tokens.flatMap(({ address: asset }) => users.map((owner) => ({ asset, owner })));
  const open = all.filter(({ asset, owner }) => model.accounts(asset, owner.address).exitReadyAt !== 0n);
  return random.pick(open.length > 0 && !random.chance(6) ? open : all);
}

async function cancelExit(world: World): Promise<string> {
  const { asset, owner } = leaving(world);
  const calls = [{ to: world.reserve, data: encodeCancelExit(asset) }];
  const succeeded = await submitCalls(world, owner, calls, () => world.model.cancelExit(asset, owner.address));
  world.statistics.count(succeeded ? 'exits cancelled' : 'exits cancelled that nobody asked for');
  return `${owner.address} of ${asset}: ${succeeded}`;
}

const EARLY_EXITS = 'exits before the delay was over';
const RACED_EXITS = 'exits with payments unsettled';
const SETTLED_EXITS = 'exits with all payments settled';
const REFUSED_EXITS = 'exits that the token refused';

async function exit(world: World): Promise<string> {
  const { asset, owner } = leaving(world);
  const { model, ledger, statistics, reserve, random } = world;
  const pendingOf = () => ledger.pending(asset).filter(({ slot }) => slot.owner === owner.address);
  // What section 5 asks of validators, rule 6: all that is certified is settled before the exit.
  if (statistics.rarest([SETTLED_EXITS, RACED_EXITS]) === SETTLED_EXITS) await settleNow(world, asset, pendingOf());
  if (random.chance(4) || statistics.get(REFUSED_EXITS) === 0) {
    await world.tokens.find(({ address }) => address === asset)?.block(owner.address);
    model.block(asset, owner.address, true);
  }
  const { balance, exitReadyAt } = model.accounts(asset, owner.address);
  const missing = exitReadyAt - world.chain.now();
  if (statistics.get(EARLY_EXITS) > 0 && !random.chance(3) && missing > 0n) world.chain.passTime(missing);
  const calls = [{ to: reserve, data: encodeExit(asset) }];
  const succeeded = await submitCalls(world, owner, calls, (now) => model.exit(asset, owner.address, now));
  if (!succeeded) {
    statistics.count(exitReadyAt === 0n ? 'exits that nobody asked for' : EARLY_EXITS);
    return `${owner.address} of ${asset}: refused`;
  }
  ledger.balances.add(asset, owner.address, -balance);
  const isRaced = pendingOf().length > 0;
  if (isRaced) world.overdrawn.add(asset + owner.address);
  statistics.count(isRaced ? RACED_EXITS : SETTLED_EXITS);
  if (balance > 0n && model.refuses(asset, owner.address)) statistics.count(REFUSED_EXITS);
  return `${owner.address} of ${asset}: ${balance}`;
}

async function release(world: World): Promise<string> {
  const { random, tokens, users, settlers, model, reserve, statistics } = world;
  const all = tokens.flatMap(({ address: asset }) =>
    [...users, ...settlers].map(({ address }) => ({ asset, address })),
  );
  const due = all.filter(({ asset, address }) => model.owed.get(asset, address) > 0n);
  const { asset, address } = random.pick(due.length > 0 && !random.chance(5) ? due : all);
  const calls = [{ to: reserve, data: encodeRelease(asset, address) }];
  const succeeded = await submitCalls(world, random.pick(settlers), calls, () => model.release(asset, address));
  statistics.count(succeeded ? 'debts released' : 'debts not released');
  return `${address} of ${asset}: ${succeeded}`;
}

const setPaused =
  (isPaused: boolean): Action =>
  async (world) => {
    const paused = world.tokens.filter(({ address }) => world.paused.has(address) !== isPaused);
    if (paused.length === 0) return 'nothing to do';
    const token = world.random.pick(paused);
    await (isPaused ? token.pause() : token.unpause());
    world.model.pause(token.address, isPaused);
    if (isPaused) world.paused.add(token.address);
    else world.paused.delete(token.address);
    return token.address;
  };

const setBlocked =
  (isBlocked: boolean): Action =>
  async (world) => {
    const { random, users, settlers, reserve, model } = world;
    const token = anyToken(world);
    const blocked = [...users, ...settlers]
      .map(({ address }) => address)
      .filter((each) => model.isBlocked(token.address, each));
    const account = isBlocked
      ? random.chance(8)
        ? reserve
        : random.pick([...users, ...settlers]).address
      : random.pick([reserve, ...blocked, ...blocked]);
    await (isBlocked ? token.block(account) : token.unblock(account));
    model.block(token.address, account, isBlocked);
    return `${account} in ${token.address}`;
  };

const passTime =
  (seconds: bigint): Action =>
  async ({ chain }) => {
    chain.passTime(seconds);
    return `${seconds} s`;
  };

/** Tokens sent to the reserve by a plain transfer belong to nobody, and change nothing. */
async function giveAway(world: World): Promise<string> {
  const { random, users, reserve, model, tokens } = world;
  const giver = random.pick(users);
  const { address: asset } = tokens[0];
  const calls = [{ to: asset, data: encodeTransfer(reserve, 7n) }];
  await submitCalls(world, giver, calls, () => model.giveAway(asset, giver.address, 7n));
  return `7 of ${asset}`;
}

export const accountActions: readonly (readonly [name: string, weight: number, action: Action])[] = [
  ['deposit', 4, depositSome('oneself')],
  ['deposit for another', 3, depositSome('another')],
  ['deposit all that fits a deposit', 2, depositMost],
  ['deposit to the bound of an account', 1, depositToTheBound],
  ['deposit wrongly', 2, depositWrongly],
  ['requestExit', 4, requestExit],
  ['cancelExit', 1, cancelExit],
  ['exit', 6, exit],
  ['release', 4, release],
  ['pause', 1, setPaused(true)],
  ['unpause', 2, setPaused(false)],
  ['block', 2, setBlocked(true)],
  ['unblock', 3, setBlocked(false)],
  ['pass half the exit delay', 1, passTime(EXIT_DELAY_SECONDS / 2n)],
  ['pass the exit delay', 1, passTime(EXIT_DELAY_SECONDS)],
  ['give tokens away', 1, giveAway],
];
