import { accountKey, OrderKind, PATH_USD } from '@fastpay/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ledgerOf, oneEach } from './ledger.ts';
import { accountIn, ann, ben, memoOf, paid, shop, skipped } from './testing.fixtures.ts';

const keyOf = (owner: typeof ann) => accountKey({ owner, asset: PATH_USD });

test('money goes where certificates, deposits and exits say', () => {
  const ledger = ledgerOf({
    deposits: [
      { account: accountIn(ann), amount: 1_000n },
      { account: accountIn(ann), amount: 500n },
    ],
    certificates: [
      paid({ sender: ann, recipient: ben, amount: 700n }),
      skipped(ann, 1n),
      paid({ sender: ben, recipient: shop, amount: 300n, kind: OrderKind.withdraw }),
    ],
    exits: [{ account: accountIn(ben), amount: 390n }],
  });
  expect(Object.fromEntries(ledger.balances)).toEqual({ [keyOf(ann)]: 790n, [keyOf(ben)]: 0n });
  expect(ledger).toMatchObject({ deposited: 1_500n, fees: 20n, withdrawn: 300n, exited: 390n });
});

test('a certificate that many keep counts once', () => {
  const certificate = paid({ sender: ann, recipient: ben, amount: 7n });
  const once = ledgerOf({ deposits: [], certificates: [certificate], exits: [] });
  expect(ledgerOf({ deposits: [], certificates: [certificate, certificate], exits: [] })).toEqual(once);
});

test('two values for one slot are no ledger', () => {
  const certificates = [paid({ sender: ann, recipient: ben, amount: 7n }), skipped(ann, 0n)];
  expect(() => oneEach(certificates)).toThrow(RangeError);
});

test('whatever happens, and in whatever order, every unit stays somewhere', () => {
  const owners = [ann, ben, shop];
  const event = fc.record({
    what: fc.constantFrom('deposit', 'transfer', 'withdraw', 'exit'),
    from: fc.nat(2),
    to: fc.nat(2),
    amount: fc.bigInt(1n, 1_000_000n),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const move = (what: string) =>
        events.flatMap(({ what: each, from, amount }) =>
          each === what ? [{ account: accountIn(owners[from] ?? ann), amount }] : [],
        );
      const certificates = events.flatMap(({ what, from, to, amount }, index) => {
        if (what !== 'transfer' && what !== 'withdraw') return [];
        const [sender, recipient] = [owners[from] ?? ann, owners[to] ?? ben];
        const kind = OrderKind[what];
        return [paid({ sender, recipient, amount, kind, sequence: BigInt(index), memo: memoOf(index) })];
      });
      const inputs = { deposits: move('deposit'), certificates, exits: move('exit') };
      const { balances, deposited, fees, withdrawn, exited } = ledgerOf(inputs);
      const sum = [...balances.values()].reduce((total, balance) => total + balance, 0n);
      expect(sum + fees + withdrawn + exited).toBe(deposited);
      const reversed = ledgerOf({ ...inputs, certificates: certificates.toReversed() });
      expect(new Map([...reversed.balances].sort())).toEqual(new Map([...balances].sort()));
    }),
  );
});
