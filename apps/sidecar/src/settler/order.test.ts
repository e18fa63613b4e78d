import { orderCost, PATH_USD, ZERO_HASH } from '@fastpay/protocol';
import { createSimulatedChain } from '@fastpay/tempo/simulated';
import type { OutboxItem } from '@fastpay/validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderForSettlement } from './order.ts';
import { named, outboxItem, person } from './testing.fixtures.ts';

it('keeps the order in which payments were resolved where nothing speaks against it', () => {
  const items = [
    outboxItem(1, { from: 'alice', to: 'bob', sequence: 0 }),
    outboxItem(2, { from: 'carol', to: 'bob', sequence: 7 }),
    outboxItem(3, { from: 'alice', to: 'carol', sequence: 1 }),
  ];
  expect(named(orderForSettlement(items))).toEqual(['alice 0', 'carol 7', 'alice 1']);
});

it("puts every account's payments in slot order, whenever they were resolved", () => {
  const items = [2, 0, 1].map((sequence, index) => outboxItem(index, { from: 'alice', to: 'bob', sequence }));
  expect(named(orderForSettlement(items))).toEqual(['alice 0', 'alice 1', 'alice 2']);
});

it('puts a parent before its child, over many steps', () => {
  const first = outboxItem(9, { from: 'alice', to: 'bob', sequence: 0 });
  const second = outboxItem(8, { from: 'bob', to: 'carol', sequence: 4, parents: [first] });
  const third = outboxItem(7, { from: 'carol', to: 'dave', sequence: 1, parents: [second] });
  expect(named(orderForSettlement([third, second, first]))).toEqual(['alice 0', 'bob 4', 'carol 1']);
});

describe('a SKIP', () => {
  const payments = [1, 3].map((sequence) => outboxItem(sequence, { from: 'alice', to: 'bob', sequence }));
  const skips = [0, 2, 4].map((sequence) => outboxItem(100 + sequence, { from: 'alice', sequence }));

  it('comes in its turn below a payment, and not at all above the last one', () => {
    const inTurn = ['alice 0', 'alice 1', 'alice 2', 'alice 3'];
    expect(named(orderForSettlement([...payments, ...skips]))).toEqual(inTurn);
    const isUrgent = ({ certificate }: OutboxItem) => certificate.slot.sequence === 3n;
    expect(named(orderForSettlement([...skips, ...payments], isUrgent))).toEqual(inTurn);
  });
});

it('puts what is urgent first, with all that it rests on', () => {
  const items = [
    outboxItem(1, { from: 'noise', to: 'other', sequence: 0 }),
    outboxItem(2, { from: 'alice', to: 'bob', sequence: 0 }),
    outboxItem(3, { from: 'noise', to: 'other', sequence: 1 }),
    // Spends what alice paid, without naming it.
    outboxItem(4, { from: 'bob', to: 'exiting', sequence: 0 }),
  ];
  const isUrgent = ({ certificate }: OutboxItem) => certificate.signedOrder?.order.recipient === person('exiting');
  expect(named(orderForSettlement(items, isUrgent))).toEqual(['alice 0', 'bob 0', 'noise 0', 'noise 1']);
});

it('orders a chain as long as the outbox', () => {
  let parent: OutboxItem | undefined;
  const items = Array.from({ length: 4_000 }, (_, index) => {
    const parents = parent ? [parent] : [];
    parent = outboxItem(4_000 - index, { from: `p${index}`, to: `p${index + 1}`, sequence: 0, parents });
    return parent;
  });
  expect(orderForSettlement(items.toReversed())).toEqual(items);
});

it('gives an order that the reserve takes whole, for whatever was paid, however late it was resolved here', async () => {
  const names = ['alice', 'bob', 'carol', 'dave'];
  const payment = fc.record({
    from: fc.nat(3),
    to: fc.nat(3),
    amount: fc.bigInt(1n, 300n),
    skips: fc.nat({ max: 40 }),
    /** How much later than others this validator resolved it. */
    delay: fc.nat({ max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(payment, { maxLength: 60 }), async (payments) => {
      const balances = new Map(names.map((name) => [name, 500n]));
      const next = new Map<string, number>();
      const lastCredit = new Map<string, OutboxItem>();
      const items: OutboxItem[] = [];
      payments.forEach(({ from, to, amount, skips, delay }, index) => {
        const [payer, payee] = [names[from] ?? '', names[to] ?? ''];
        if (payer === payee || (balances.get(payer) ?? 0n) < amount + 1n) return;
        let sequence = next.get(payer) ?? 0;
        for (let skip = 0; skip < skips; skip++)
          items.push(outboxItem(index * 10, { from: payer, sequence: sequence++ }));
        next.set(payer, sequence + 1);
        const parent = lastCredit.get(payer);
        const parents = parent ? [parent] : [];
        // A payment that names what funds it may come early; one that leans on old money in its turn.
        const cursor = index * 10 + delay;
        const item = outboxItem(cursor, { from: payer, to: payee, sequence, amount, parents });
        items.push(item);
        lastCredit.set(payee, item);
        balances.set(payer, (balances.get(payer) ?? 0n) - orderCost(orderOf(item)));
        balances.set(payee, (balances.get(payee) ?? 0n) + amount);
      });
      items.sort((left, right) => Number(left.cursor - right.cursor));
      const ordered = orderForSettlement(items);
      expect(new Set(ordered).size).toBe(ordered.length);
      expect(items.every((item) => !item.certificate.signedOrder || ordered.includes(item))).toBe(true);

      const { chain, outcomes } = await settleInOrder(ordered, names);
      expect(outcomes.filter((outcome) => outcome !== 'SETTLED')).toEqual([]);
      for (const name of names) {
        expect(chain.reserve.account({ owner: person(name), asset: PATH_USD }).balance).toBe(balances.get(name));
      }
    }),
    { numRuns: 150 },
  );
});

function orderOf({ certificate }: OutboxItem) {
  if (!certificate.signedOrder) throw new Error('not a payment');
  return certificate.signedOrder.order;
}

async function settleInOrder(ordered: readonly OutboxItem[], names: readonly string[]) {
  const members = names.map((name) => ({
    name,
    votingKey: ZERO_HASH,
    settlementAddress: person(name),
    stake: 1n,
  }));
  const chain = createSimulatedChain({
    domain: { chainId: 1n, reserve: person('reserve'), salt: ZERO_HASH },
    committee: { epoch: 0n, members },
    exitDelaySeconds: 600n,
    startMs: 0,
  });
  for (const name of names) {
    const account = { owner: person(name), asset: PATH_USD };
    chain.mint(account, 500n);
    await chain.writer(account.owner).submit({ type: 'deposit', account, amount: 500n });
  }
  chain.mine();
  const certificates = ordered.map(({ certificate }) => certificate);
  const settler = chain.writer(person('settler'));
  const outcomes = await settler.preview({ certificates });
  await settler.submit({ type: 'settle', certificates });
  chain.mine();
  return { chain, outcomes };
}
