import { type Address, OrderKind, type PaymentOrder, toHash, toSequence } from '@fastpay/protocol';
import { createOrder } from '../committee.fixtures.ts';
import type { Draft } from './forgeries.fixtures.ts';
import type { User, World } from './world.fixtures.ts';

/** Payments as wallets and an honest committee make them, ahead of the chain. */

const MAX_U64 = (1n << 64n) - 1n;
/** Certified and not settled, of one account. */
const MOST_PENDING = 90;
const FEES = [0n, 1n, 2_000n, 70_000n];

const smaller = (left: bigint, right: bigint) => (left < right ? left : right);

/** Certifies up to `count` payments and skips of an asset, each funded by what was certified before. */
export async function certifySome(world: World, asset: Address, count: number): Promise<void> {
  const { random, ledger, model } = world;
  for (let left = count; left > 0; left -= 1) {
    const payer = random.pick(payersOf(world, asset));
    // No fresh order of an account that is leaving.
    if (model.accounts(asset, payer.address).exitReadyAt !== 0n) continue;
    if (ledger.next(asset, payer.address) >= model.firstUnused(asset, payer.address) + BigInt(MOST_PENDING)) continue;
    if (random.chance(12)) {
      ledger.certifySkip(asset, payer.address);
      continue;
    }
    // The whale stays near the bound.
    const money = smaller(ledger.balances.get(asset, payer.address), payer === world.whale ? 1n << 40n : MAX_U64);
    const order = fundedOrder(world, asset, payer, money);
    if (order) await ledger.certify(order, payer);
  }
}

/** Many slots of one account, each of no or little money. */
export async function certifyBurst(world: World, asset: Address): Promise<number> {
  const { ledger, model, random } = world;
  const payer = world.users[0] as User;
  if (model.accounts(asset, payer.address).exitReadyAt !== 0n) return 0;
  let made = 0;
  while (ledger.next(asset, payer.address) < model.firstUnused(asset, payer.address) + 80n) {
    const money = ledger.balances.get(asset, payer.address);
    const order = random.chance(6) ? fundedOrder(world, asset, payer, smaller(money, 10n)) : undefined;
    if (order) await ledger.certify(order, payer);
    else ledger.certifySkip(asset, payer.address);
    made += 1;
  }
  return made;
}

/** An order that nobody certified, for the slot that settles next of an account that has the money on chain. */
export function draftFor(world: World, asset: Address, leastMoney = 100_000n): Omit<Draft, 'by'> | undefined {
  const { random, model } = world;
  const able = payersOf(world, asset).filter(({ address }) => model.accounts(asset, address).balance >= leastMoney);
  if (able.length === 0) return undefined;
  const payer = random.pick(able);
  const order = fundedOrder(world, asset, payer, model.accounts(asset, payer.address).balance / 2n);
  return order && { order: { ...order, sequence: toSequence(model.firstUnused(asset, payer.address)) }, payer };
}

export function payersOf(world: World, asset: Address): readonly User[] {
  return asset === world.tokens[1].address ? [...world.users, world.whale] : world.users;
}

function fundedOrder(world: World, asset: Address, payer: User, money: bigint): PaymentOrder | undefined {
  const { random, ledger } = world;
  const spendable = smaller(money, MAX_U64);
  const fee = smaller(random.pick(FEES), spendable / 2n);
  const most = spendable - fee;
  if (most <= 0n) return undefined;
  const part = (most * BigInt(random.below(1_000))) / 2_500n;
  const amount = random.chance(8) ? most : part > 0n ? part : 1n;
  const kind = random.chance(4) ? OrderKind.withdraw : OrderKind.transfer;
  return createOrder({
    ...{ kind, asset, amount, fee, sender: payer.address },
    recipient: recipientFor(world, payer, kind),
    sequence: ledger.next(asset, payer.address),
    memo: toHash(`0x${(random.chance(4) ? 'c4' : '00').repeat(32)}`),
    parents: Array.from({ length: random.chance(5) ? random.below(9) : 0 }, (_, index) =>
      toHash(`0x${`${index}e`.repeat(32)}`),
    ),
  });
}

/** Accounts that come into being this way are watched to the end, so there are not too many. */
const MOST_WATCHED = 50;

function recipientFor(world: World, payer: User, kind: OrderKind): Address {
  const { random, users, settlers, watch } = world;
  if (random.chance(12) && watch.owners().length < MOST_WATCHED) {
    const fresh = world.freshAddress();
    watch.add(fresh);
    return fresh;
  }
  if (kind === OrderKind.withdraw && random.chance(3)) return random.pick([payer, ...settlers]).address;
  return random.pick(users.filter((user) => user !== payer)).address;
}
