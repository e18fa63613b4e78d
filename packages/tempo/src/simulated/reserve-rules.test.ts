import { type CommitCertificate, OrderKind, PATH_USD } from '@fastpay/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createReserveModel, type ModelEntry } from '../testing/reserve-model.fixtures.ts';
import { addressOf, createTestChain, unsigned } from '../testing/simulated.fixtures.ts';

/** Random histories of the simulated reserve against the same independent model as the contract's. */

const accounts = [1, 2, 3, 4].map((number) => addressOf(0xaa00 + number));
const settler = addressOf(0x5e77);
const who = fc.constantFrom(...accounts);
const entry = fc.record({
  type: fc.constantFrom('transfer' as const, 'transfer' as const, 'withdraw' as const, 'skip' as const),
  sender: who,
  recipient: who,
  amount: fc.bigInt({ min: 0n, max: 400n }),
  fee: fc.constantFrom(0n, 2n, 8n),
  /** Relative to the sender's first unused slot when the batch begins. */
  distance: fc.oneof({ weight: 6, arbitrary: fc.bigInt({ min: 0n, max: 3n }) }, fc.bigInt({ min: -2n, max: 66n })),
  isCommitted: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
});
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('deposit' as const), owner: who, amount: fc.bigInt(1n, 900n) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ type: fc.constant('settle' as const), entries: fc.array(entry, { minLength: 1 }) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('block' as const, 'unblock' as const), owner: who }) },
  // What was done and abandoned must leave nothing.
  { weight: 2, arbitrary: fc.record({ type: fc.constant('abandoned' as const), entries: fc.array(entry) }) },
);
type Entry = typeof entry extends fc.Arbitrary<infer Value> ? Value : never;

function certificateOf(each: ModelEntry): CommitCertificate {
  const { type, sender, sequence, recipient, amount, fee, isCommitted } = each;
  const signers = isCommitted ? [0, 1, 3] : [0, 1];
  if (type === 'skip') return unsigned({ sender, sequence, signers });
  const kind = type === 'withdraw' ? OrderKind.withdraw : OrderKind.transfer;
  return unsigned({ sender, sequence, recipient, amount, fee, kind, signers });
}

it('does what the model does, and holds exactly what it owes after every step', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
      const simulated = createTestChain();
      const model = createReserveModel();
      // Fees wait in the reserve until they are released.
      model.block(settler);
      const writer = simulated.writer(settler);
      const entriesOf = (entries: readonly Entry[]) =>
        entries.map((each): ModelEntry => {
          const sequence = model.firstUnused(each.sender) + each.distance;
          return { ...each, sequence: sequence < 0n ? 0n : sequence };
        });
      for (const next of steps) {
        if (next.type === 'deposit') {
          const account = { owner: next.owner, asset: PATH_USD };
          simulated.mint(account, next.amount);
          await simulated.writer(next.owner).submit({ type: 'deposit', account, amount: next.amount });
          simulated.mine();
          model.deposit(next.owner, next.amount);
        } else if (next.type === 'settle') {
          const entries = entriesOf(next.entries);
          const certificates = entries.map(certificateOf);
          const preview = await writer.preview({ certificates });
          await writer.submit({ type: 'settle', certificates });
          simulated.mine();
          expect(preview).toEqual(model.settle(entries, settler));
        } else if (next.type === 'abandoned') {
          await writer.submit({ type: 'settle', certificates: entriesOf(next.entries).map(certificateOf) });
          simulated.mine();
          simulated.reorganize(1, { loseTransactions: true });
        } else if (next.type === 'block') {
          simulated.refuse(PATH_USD, next.owner);
          model.block(next.owner);
        } else {
          simulated.accept(PATH_USD, next.owner);
          model.unblock(next.owner);
        }
        expect(simulated.reserve.holds(PATH_USD)).toBe(model.total());
        expect(simulated.reserve.liabilities(PATH_USD)).toBe(model.total());
      }
      for (const owner of accounts) {
        const id = { owner, asset: PATH_USD };
        const { balance, next } = simulated.reserve.account(id);
        expect({ balance, next, owed: simulated.reserve.owed(id) }).toEqual({
          balance: model.balance(owner),
          next: model.firstUnused(owner),
          owed: model.owed(owner),
        });
      }
      const earned = simulated.reserve.owed({ owner: settler, asset: PATH_USD });
      expect(earned).toBe(model.owed(settler));
    }),
    { numRuns: 200 },
  );
});
