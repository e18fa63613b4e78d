import { orderCost, toAmount, toSequence } from '@fastpay/protocol';
import { createMemoryMarker } from '@fastpay/storage';
import { createCrashableKv } from '@fastpay/storage/testing';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { creditOf } from './rules/resolve.ts';
import { NEW_ACCOUNT, onChainBalance } from './state/account-state.ts';
import { createLedger } from './state/ledger.ts';
import {
  AT_NOW,
  accountOf,
  blockAt,
  createWorld,
  depositOf,
  openValidator,
  orderOf,
  paid,
  payer,
  settle,
  skipOf,
  slotAt,
} from './testing/world.fixtures.ts';
import type { ExitEvent } from './validator.ts';

/**
 * Deposits, resolutions, settlements seen on chain and exits in any order, with power cuts between and within: at every
 * moment balances and what they are made up of are the sums that they stand for, and no money is made or lost (I1, I5).
 */
const world = createWorld();
const owners = [payer(0), payer(1), payer(2)] as const;
const SLOTS = 3;
type Resolvable = Awaited<ReturnType<typeof skipOf>>['cc'];
const slots: Resolvable[] = [];

beforeAll(async () => {
  for (const [index, owner] of owners.entries()) {
    for (let sequence = 0; sequence < SLOTS; sequence++) {
      const slot = BigInt(sequence);
      const changes = { sequence: toSequence(slot), amount: toAmount(BigInt(1_000 * (index + 1) + sequence)) };
      const recipient = owners[(index + sequence + 1) % owners.length] ?? owner;
      // The last slot of each is a withdrawal or skipped.
      if (sequence < SLOTS - 1) slots.push((await paid(world, owner, orderOf(owner, recipient, changes))).cc);
      else if (index === 0) slots.push((await skipOf(world, slotAt(owner, slot))).cc);
      else slots.push((await paid(world, owner, orderOf(owner, owner, { ...changes, kind: 1 }))).cc);
    }
  }
});

const action = fc.oneof(
  fc.record({ do: fc.constant('deposit' as const), owner: fc.nat(2), amount: fc.bigInt(1n, 5_000n) }),
  fc.record({ do: fc.constant('resolve' as const), slot: fc.nat(3 * SLOTS - 1) }),
  fc.record({
    do: fc.constant('settlement' as const),
    slot: fc.nat(3 * SLOTS - 1),
    stage: fc.constantFrom('INCLUDED' as const, 'QUEUED_ONCHAIN' as const, 'FINALIZED' as const),
  }),
  fc.record({
    do: fc.constant('exit' as const),
    owner: fc.nat(2),
    amount: fc.bigInt(0n, 3_000n),
    cancels: fc.boolean(),
  }),
);
type Action = Parameters<Parameters<(typeof action)['map']>[0]>[0];

/** What has happened, as far as it is durable. */
interface History {
  readonly deposits: { readonly owner: number; readonly amount: bigint }[];
  readonly resolved: Set<number>;
  readonly final: Set<number>;
  readonly exited: bigint[];
  readonly isExiting: boolean[];
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

function expectedOf({ deposits, resolved, final, exited }: History, owner: number) {
  const account = owners[owner]?.address;
  const all = [...resolved].map((index) => ({ certificate: slots[index] as Resolvable, isFinal: final.has(index) }));
  const paysOut = all.filter(({ certificate }) => certificate.slot.owner === account);
  const paysIn = all.filter(({ certificate }) => certificate.signedOrder?.order.recipient === account);
  const cost = ({ certificate }: (typeof all)[0]) =>
    certificate.signedOrder ? orderCost(certificate.signedOrder.order) : 0n;
  const credit = ({ certificate }: (typeof all)[0]) => creditOf(certificate) ?? 0n;
  const unsettled = ({ isFinal }: (typeof all)[0]) => !isFinal;
  const deposited = sum(deposits.filter((deposit) => deposit.owner === owner).map(({ amount }) => amount));
  const left = exited[owner] ?? 0n;
  const onChain =
    deposited -
    left +
    sum(paysIn.filter(({ isFinal }) => isFinal).map(credit)) -
    sum(paysOut.filter(({ isFinal }) => isFinal).map(cost));
  return {
    balance: deposited - left + sum(paysIn.map(credit)) - sum(paysOut.map(cost)),
    onChain,
    unsettledIn: sum(paysIn.filter(unsettled).map(credit)),
    unsettledOut: sum(paysOut.filter(unsettled).map(cost)),
  };
}

function check(kv: ReturnType<typeof createCrashableKv>, history: History): void {
  const ledger = createLedger(kv);
  let balances = 0n;
  for (const [index, owner] of owners.entries()) {
    const account = ledger.account(accountOf(owner)) ?? NEW_ACCOUNT;
    const { balance, unsettledIn, unsettledOut } = account;
    expect({ balance, onChain: onChainBalance(account), unsettledIn, unsettledOut }).toEqual(
      expectedOf(history, index),
    );
    expect(account.exit?.readyAt !== undefined).toBe(history.isExiting[index]);
    balances += balance;
  }
  const unsettled = [...history.resolved].filter((index) => !history.final.has(index));
  expect(ledger.outbox(0n, 100).map(({ slot }) => slot)).toHaveLength(unsettled.length);
  const orders = [...history.resolved].flatMap((index) => slots[index]?.signedOrder?.order ?? []);
  const fees = sum(orders.map(({ fee }) => fee));
  const withdrawn = sum(orders.filter(({ kind }) => kind === 1).map(({ amount }) => amount));
  expect(balances + fees + withdrawn + sum(history.exited)).toBe(sum(history.deposits.map(({ amount }) => amount)));
}

test('balances and what they are made up of are exact at every moment, across power cuts', async () => {
  const steps = fc.array(fc.record({ action, survivors: fc.constantFrom(undefined, undefined, undefined, 0, 1) }), {
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const marker = createMemoryMarker();
      let kv = createCrashableKv();
      let validator = openValidator(world, 0, kv, marker);
      kv.flush();
      const history: History = {
        deposits: [],
        resolved: new Set(),
        final: new Set(),
        exited: [0n, 0n, 0n],
        isExiting: [false, false, false],
      };
      for (const { action: current, survivors } of all) {
        const done = act(validator, current, history);
        await settle();
        const isLost = survivors === 0 && kv.pendingCount() > 0;
        if (!isLost) record(current, history);
        if (survivors === undefined) {
          kv.flush();
          await done;
        } else {
          kv = kv.crash(survivors);
          validator = openValidator(world, 0, kv, marker);
        }
        check(kv, history);
      }
    }),
    { numRuns: 150 },
  );
}, 60_000);

function act(validator: ReturnType<typeof openValidator>, current: Action, history: History): Promise<unknown> {
  const block = blockAt((validator.finalized()?.height ?? 0n) + 1n);
  switch (current.do) {
    case 'deposit': {
      const owner = owners[current.owner] ?? owners[0];
      const deposit = depositOf(validator.nextDepositIndex(), owner, current.amount, block.height);
      return validator.applyFinalized(block, { deposits: [deposit], exits: [] });
    }
    case 'resolve':
      return validator.resolve(slots[current.slot] as Resolvable, AT_NOW);
    case 'settlement': {
      const { slot, value } = slots[current.slot] as Resolvable;
      const settlement = { block, transactionHash: block.hash };
      const { owner, asset, sequence } = slot;
      const { stage } = current;
      return validator.applySettlements([{ account: { owner, asset }, sequence, value, stage, settlement }]);
    }
    case 'exit': {
      const account = accountOf(owners[current.owner] ?? owners[0]);
      const { amount } = current;
      const exit: ExitEvent = !history.isExiting[current.owner]
        ? { type: 'requested', account, readyAt: 9n, block }
        : current.cancels
          ? { type: 'cancelled', account, block }
          : { type: 'executed', account, amount, block };
      return validator.applyFinalized(block, { deposits: [], exits: [exit] });
    }
  }
}

function record(current: Action, { deposits, resolved, final, exited, isExiting }: History): void {
  switch (current.do) {
    case 'deposit':
      deposits.push(current);
      return;
    case 'resolve':
      resolved.add(current.slot);
      return;
    case 'settlement':
      if (current.stage === 'FINALIZED') final.add(current.slot);
      return;
    case 'exit':
      if (isExiting[current.owner] && !current.cancels) {
        exited[current.owner] = (exited[current.owner] ?? 0n) + current.amount;
      }
      isExiting[current.owner] = !isExiting[current.owner];
  }
}
