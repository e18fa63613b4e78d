import type { Address } from '@fastpay/protocol';
import { encodeRelease } from '../../release.ts';
import { settleNow } from './batch-actions.fixtures.ts';
import type { Certified } from './ledger.fixtures.ts';
import { submitCalls } from './submit.fixtures.ts';
import { Violation } from './violation.fixtures.ts';
import type { World } from './world.fixtures.ts';

/**
 * The end of a world (I8): settles all that is certified, oldest first, by either way. What then is left over
 * must be of accounts that left while payments of theirs were unsettled, or wait for money of such accounts; every
 * other account ends with what the ledger off chain says. Then all debts are released.
 * @throws Error otherwise.
 */
export async function drain(world: World): Promise<string> {
  const { tokens, model } = world;
  for (const token of tokens) {
    if (world.paused.delete(token.address)) await token.unpause();
    model.pause(token.address, false);
    for (const account of world.watch.owners()) {
      if (!model.isBlocked(token.address, account)) continue;
      await token.unblock(account);
      model.block(token.address, account, false);
    }
    if (model.isBlocked(token.address, world.reserve)) await token.unblock(world.reserve);
    model.block(token.address, world.reserve, false);
  }
  const left: string[] = [];
  for (const { address } of tokens) {
    await settleAll(world, address);
    const stuck = world.ledger.pending(address);
    expectEnd(world, address, stuck);
    await releaseAll(world, address);
    left.push(`${stuck.length} left over`);
  }
  return left.join(', ');
}

async function settleAll(world: World, asset: Address): Promise<void> {
  const { ledger } = world;
  for (let before = Number.POSITIVE_INFINITY; ledger.pending(asset).length < before; ) {
    const pending = ledger.pending(asset);
    before = pending.length;
    await settleNow(world, asset, pending);
    world.statistics.count('certified and settled at the end', before - ledger.pending(asset).length);
  }
}

function expectEnd(world: World, asset: Address, stuck: readonly Certified[]): void {
  const { overdrawn, ledger, model, statistics } = world;
  const lacking = new Set([...overdrawn].filter((key) => key.startsWith(asset)).map((key) => key.slice(asset.length)));
  for (let size = -1; size < lacking.size; ) {
    size = lacking.size;
    for (const { slot, signedOrder } of stuck) {
      if (signedOrder && lacking.has(slot.owner)) lacking.add(signedOrder.order.recipient);
    }
  }
  for (const { slot, signedOrder } of stuck) {
    if (lacking.has(slot.owner)) continue;
    const { owner, sequence } = slot;
    const money = `balance ${model.accounts(asset, owner).balance}, cost ${signedOrder ? signedOrder.order.amount + signedOrder.order.fee : 0n}`;
    const where = `slot ${sequence} of ${owner} in ${asset}, first unused ${model.firstUnused(asset, owner)}`;
    throw new Violation(`I8: what is certified and funded does not settle: ${where}, ${money}`);
  }
  statistics.count('certified, and unfunded after an exit', stuck.length);
  for (const owner of world.watch.owners()) {
    const [actual, expected] = [model.accounts(asset, owner).balance, ledger.balances.get(asset, owner)];
    if (!lacking.has(owner) && actual !== expected) {
      throw new Violation(`I8: ${owner} has ${actual} of ${asset} on chain, and ${expected} off chain`);
    }
  }
}

async function releaseAll(world: World, asset: Address): Promise<void> {
  const { model, reserve, settlers, watch, random } = world;
  for (const owner of watch.owners()) {
    if (model.owed.get(asset, owner) === 0n) continue;
    const calls = [{ to: reserve, data: encodeRelease(asset, owner) }];
    await submitCalls(world, random.pick(settlers), calls, () => model.release(asset, owner));
  }
}
