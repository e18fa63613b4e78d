import { type Address, accountKey, type Hash, SKIP } from '@fastpay/protocol';
import type { ReserveEvent } from '../../reserve-events.ts';
import { createSums, type Sums } from './model.fixtures.ts';
import type { ReadEntry } from './read-batch.fixtures.ts';
import { Violation } from './violation.fixtures.ts';

/** The reserve's state as a watcher rebuilds it: from events, and from the orders that they name by hash. */
export interface Book {
  readonly balances: Sums;
  readonly owed: Sums;
  depositCount(): bigint;
  epoch(): bigint;
  committeeHash(): Hash;
  exitReadyAt(asset: Address, owner: Address): bigint;
  used(asset: Address, owner: Address): ReadonlyMap<bigint, Hash>;
  /** @param caller Of the transaction that the events are from: fees are its. @throws Error when they contradict. */
  follow(events: readonly ReserveEvent[], caller: Address, orders: ReadonlyMap<Hash, ReadEntry>): void;
  grant(asset: Address, owner: Address, balance: bigint): void;
}

export function createBook(firstHash: Hash): Book {
  const [balances, owed] = [createSums(), createSums()];
  const exits = new Map<string, bigint>();
  const slots = new Map<string, Map<bigint, Hash>>();
  let [depositCount, epoch] = [0n, 0n];
  let committeeHash = firstHash;

  function use(asset: Address, owner: Address, sequence: bigint, value: Hash): void {
    const key = accountKey({ owner, asset });
    const used = slots.get(key) ?? new Map<bigint, Hash>();
    if (used.has(sequence)) throw new Violation(`events: slot ${sequence} of ${key} was settled twice`);
    slots.set(key, used.set(sequence, value));
  }

  function followOne(event: ReserveEvent, caller: Address, orders: ReadonlyMap<Hash, ReadEntry>): void {
    switch (event.type) {
      case 'deposited':
        if (event.index !== depositCount) throw new Violation('events: a deposit out of order');
        depositCount += 1n;
        balances.add(event.account.asset, event.account.owner, event.amount);
        break;
      case 'settled': {
        const { asset, owner } = event.account;
        use(asset, owner, event.sequence, event.value);
        if (event.value === SKIP) break;
        const order = orders.get(event.value);
        if (!order) throw new Violation('events: an order was settled that nobody has');
        balances.add(asset, owner, -order.amount - order.fee);
        if (order.kind === 0) balances.add(asset, order.recipient, order.amount);
        owed.add(asset, caller, order.fee);
        break;
      }
      case 'passedOver':
        break;
      case 'owed':
        owed.add(event.asset, event.recipient, event.amount);
        break;
      case 'released':
        owed.add(event.asset, event.recipient, -event.amount);
        break;
      case 'exitRequested':
        exits.set(accountKey(event.account), event.readyAt);
        break;
      case 'exitCancelled':
        exits.delete(accountKey(event.account));
        break;
      case 'exited':
        exits.delete(accountKey(event.account));
        balances.add(event.account.asset, event.account.owner, -event.amount);
        break;
      case 'rotated':
        [epoch, committeeHash] = [event.epoch, event.committeeHash];
    }
  }

  return {
    balances,
    owed,
    depositCount: () => depositCount,
    epoch: () => epoch,
    committeeHash: () => committeeHash,
    exitReadyAt: (asset, owner) => exits.get(accountKey({ owner, asset })) ?? 0n,
    used: (asset, owner) => slots.get(accountKey({ owner, asset })) ?? new Map(),
    follow(events, caller, orders) {
      for (const event of events) followOne(event, caller, orders);
    },
    grant: (asset, owner, balance) => balances.add(asset, owner, balance),
  };
}
