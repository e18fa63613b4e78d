import { PATH_USD, toSequence } from '@fastpay/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Outcome } from './reserve-events.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer } from './testing/payers.fixtures.ts';

/** Slots settle in any order within 64 above the first unused one, each once (§6). */

const WINDOW = 64n;
let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

let owners = 0;
function newOwner() {
  owners += 1;
  return createPayer('secp256k1', owners).address;
}

/** Skips, since they need no money: the window treats all values alike. */
async function use(owner: ReturnType<typeof newOwner>, sequences: readonly bigint[]): Promise<readonly Outcome[]> {
  const slots = sequences.map((sequence) => ({ owner, asset: PATH_USD, sequence: toSequence(sequence) }));
  const certificates = await Promise.all(slots.map((slot) => lab.certifySkip(slot)));
  return (await lab.settle(certificates)).outcomes;
}

async function windowOf(owner: ReturnType<typeof newOwner>) {
  const { baseSequence, bitmap } = await lab.chain.accountOnChain({ owner, asset: PATH_USD });
  return { base: baseSequence, bitmap };
}

it('moves over used slots only, and remembers those above', async () => {
  const owner = newOwner();
  expect(await use(owner, [1n, 2n, 4n])).toEqual(['SETTLED', 'SETTLED', 'SETTLED']);
  expect(await windowOf(owner)).toEqual({ base: 0n, bitmap: 0b10110n });
  expect(await use(owner, [0n])).toEqual(['SETTLED']);
  expect(await windowOf(owner)).toEqual({ base: 3n, bitmap: 0b10n });
  expect(await use(owner, [3n])).toEqual(['SETTLED']);
  expect(await windowOf(owner)).toEqual({ base: 5n, bitmap: 0n });
  expect(await use(owner, [0n, 2n, 3n, 4n])).toEqual(Array(4).fill('ALREADY_SETTLED'));
});

it('ends at 63 above the first unused slot', async () => {
  const owner = newOwner();
  expect(await use(owner, [64n, 63n, 63n, 65n])).toEqual([
    'BEYOND_WINDOW',
    'SETTLED',
    'ALREADY_SETTLED',
    'BEYOND_WINDOW',
  ]);
  expect(await windowOf(owner)).toEqual({ base: 0n, bitmap: 1n << 63n });
  expect(await use(owner, [0n, 64n, 65n])).toEqual(['SETTLED', 'SETTLED', 'BEYOND_WINDOW']);
  expect(await windowOf(owner)).toEqual({ base: 1n, bitmap: (1n << 62n) | (1n << 63n) });
});

it('moves over a whole full window at once', async () => {
  const owner = newOwner();
  const descending = Array.from({ length: 64 }, (_, index) => BigInt(63 - index));
  expect(new Set(await use(owner, descending.slice(0, 63)))).toEqual(new Set(['SETTLED']));
  expect(await windowOf(owner)).toEqual({ base: 0n, bitmap: (1n << 64n) - 2n });
  expect(await use(owner, [0n])).toEqual(['SETTLED']);
  expect(await windowOf(owner)).toEqual({ base: 64n, bitmap: 0n });
});

it('does not touch the balance beside it in the same word', async () => {
  const owner = newOwner();
  const amount = (1n << 64n) - 1n;
  await lab.deposit([{ account: owner, amount: amount / 2n }]);
  await use(owner, [0n, 63n, 1n]);
  expect(await lab.balance(owner)).toBe(amount / 2n);
  expect(await windowOf(owner)).toEqual({ base: 2n, bitmap: 1n << 61n });
  await lab.deposit([{ account: owner, amount: 5n }]);
  expect(await lab.balance(owner)).toBe(amount / 2n + 5n);
  expect(await windowOf(owner)).toEqual({ base: 2n, bitmap: 1n << 61n });
});

it('settles any sequence of slots as a set of used slots would', async () => {
  const sequences = fc.array(fc.bigInt({ min: 0n, max: 140n }), { minLength: 1, maxLength: 120 });
  await fc.assert(
    fc.asyncProperty(sequences, async (wanted) => {
      const owner = newOwner();
      const used = new Set<bigint>();
      const firstUnused = () => {
        let first = 0n;
        while (used.has(first)) first += 1n;
        return first;
      };
      const expected = wanted.map((sequence): Outcome => {
        if (used.has(sequence)) return 'ALREADY_SETTLED';
        if (sequence >= firstUnused() + WINDOW) return 'BEYOND_WINDOW';
        used.add(sequence);
        return 'SETTLED';
      });
      expect(await use(owner, wanted)).toEqual(expected);
      const { base, bitmap } = await windowOf(owner);
      expect(base).toBe(firstUnused());
      for (let bit = 0n; bit < WINDOW; bit += 1n) expect((bitmap >> bit) & 1n).toBe(used.has(base + bit) ? 1n : 0n);
    }),
    { numRuns: 20 },
  );
});
