import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Entry, type Kv, MAX_KEY_BYTES, type Operation, type RangeOptions } from '../kv.ts';
import { dump } from './crashable-kv.ts';

const bytes = (...values: readonly number[]) => Uint8Array.from(values);
const put = (key: Uint8Array, value: Uint8Array): Operation => ({ type: 'put', key, value });
const remove = (key: Uint8Array): Operation => ({ type: 'delete', key });
const EVERYTHING: RangeOptions = { start: bytes(), end: new Uint8Array(MAX_KEY_BYTES + 1).fill(0xff) };

/** What every Kv must do; `open` gives an empty store. */
export function kvContract(name: string, open: () => Promise<Kv>): void {
  describe(`${name} as a Kv`, () => {
    let kv: Kv;
    beforeEach(async () => {
      kv = await open();
    });
    afterEach(() => kv.close());

    test('a key that was never written has no value', () => {
      expect(kv.get(bytes(1))).toBeUndefined();
    });

    test('a batch is visible when write returns, and still when it is durable', async () => {
      const durable = kv.write([put(bytes(1), bytes(10)), put(bytes(2), bytes(20))]);
      expect(kv.get(bytes(1))).toEqual(bytes(10));
      expect(dump(kv)).toEqual([
        [bytes(1), bytes(10)],
        [bytes(2), bytes(20)],
      ]);
      await durable;
      expect(kv.get(bytes(2))).toEqual(bytes(20));
      expect(dump(kv)).toEqual([
        [bytes(1), bytes(10)],
        [bytes(2), bytes(20)],
      ]);
    });

    test('operations of a batch apply in order', async () => {
      const key = bytes(1);
      await kv.write([put(key, bytes(1)), remove(key), put(key, bytes(2)), put(bytes(2), bytes()), remove(bytes(2))]);
      expect(dump(kv)).toEqual([[key, bytes(2)]]);
    });

    test('a deletion hides a durable value at once, and deleting nothing is no error', async () => {
      await kv.write([put(bytes(1), bytes(1))]);
      const durable = kv.write([remove(bytes(1)), remove(bytes(9))]);
      expect(kv.get(bytes(1))).toBeUndefined();
      expect(dump(kv)).toEqual([]);
      await durable;
      expect(kv.get(bytes(1))).toBeUndefined();
    });

    test('an empty value is a value', async () => {
      const durable = kv.write([put(bytes(1), bytes())]);
      expect(kv.get(bytes(1))).toEqual(bytes());
      await durable;
      expect(kv.get(bytes(1))).toEqual(bytes());
    });

    test('an empty batch resolves', async () => {
      await kv.write([]);
      const durable = kv.write([put(bytes(1), bytes(1))]);
      await kv.write([]);
      await durable;
    });

    test('a large value comes back whole', async () => {
      const value = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
      await kv.write([put(bytes(1), value)]);
      expect(kv.get(bytes(1))).toEqual(value);
    });

    test('keys of 1 and of the most bytes are taken, others refused with nothing of their batch applied', async () => {
      const longest = new Uint8Array(MAX_KEY_BYTES).fill(0xff);
      await kv.write([put(longest, bytes(1)), put(bytes(0), bytes(2))]);
      expect(dump(kv)).toHaveLength(2);
      for (const key of [bytes(), new Uint8Array(MAX_KEY_BYTES + 1)]) {
        expect(() => kv.write([put(bytes(5), bytes(5)), put(key, bytes(1))])).toThrow(RangeError);
        expect(() => kv.write([remove(key)])).toThrow(RangeError);
      }
      expect(kv.get(bytes(5))).toBeUndefined();
    });

    test('bytes passed in and bytes handed out are the caller’s own', async () => {
      const key = bytes(1);
      const value = bytes(7);
      const durable = kv.write([put(key, value)]);
      key[0] = 9;
      value[0] = 9;
      const read = kv.get(bytes(1));
      expect(read).toEqual(bytes(7));
      read?.fill(0);
      for (const [readKey, readValue] of kv.range(EVERYTHING)) {
        readKey.fill(0);
        readValue.fill(0);
      }
      await durable;
      kv.get(bytes(1))?.fill(0);
      expect(dump(kv)).toEqual([[bytes(1), bytes(7)]]);
    });

    test('a value is a plain Uint8Array, so that slice copies', async () => {
      await kv.write([put(bytes(1), bytes(7))]);
      expect(kv.get(bytes(1))?.constructor).toBe(Uint8Array);
      expect(dump(kv)[0]?.map((part) => part.constructor)).toEqual([Uint8Array, Uint8Array]);
    });

    test('a range has its start, not its end, stops at its limit and goes both ways', async () => {
      // Half of it durable, half of it not, one durable key deleted and one overwritten since.
      await kv.write([1, 3, 5, 7, 9].map((key) => put(bytes(key), bytes(key))));
      const durable = kv.write([
        put(bytes(2), bytes(2)),
        put(bytes(5), bytes(55)),
        remove(bytes(7)),
        put(bytes(8), bytes(8)),
      ]);
      const keys = (options: RangeOptions) => [...kv.range(options)].map(([key]) => key[0]);
      for (let pass = 0; pass < 2; pass++) {
        expect(keys({ start: bytes(2), end: bytes(9) })).toEqual([2, 3, 5, 8]);
        expect(keys({ start: bytes(2), end: bytes(9), reverse: true })).toEqual([8, 5, 3, 2]);
        expect(keys({ start: bytes(2), end: bytes(9), limit: 2 })).toEqual([2, 3]);
        expect(keys({ start: bytes(2), end: bytes(9), limit: 2, reverse: true })).toEqual([8, 5]);
        expect(keys({ start: bytes(2), end: bytes(9), limit: 0 })).toEqual([]);
        expect(keys({ start: bytes(4), end: bytes(4) })).toEqual([]);
        expect(keys({ start: bytes(9), end: bytes(1) })).toEqual([]);
        expect(keys({ start: bytes(4), end: bytes(6), reverse: true })).toEqual([5]);
        expect(kv.get(bytes(5))).toEqual(bytes(55));
        await durable;
      }
    });

    test('a key sorts before those that it begins, and bytes above 127 after those below', async () => {
      const ordered = [
        bytes(0),
        bytes(0, 0),
        bytes(1),
        bytes(1, 0),
        bytes(1, 255),
        bytes(127),
        bytes(128),
        bytes(255, 1),
      ];
      await kv.write([...ordered].reverse().map((key) => put(key, bytes())));
      expect(dump(kv).map(([key]) => key)).toEqual(ordered);
    });

    test('what is written while a range is iterated does not change it', async () => {
      await kv.write([put(bytes(1), bytes(1)), put(bytes(3), bytes(3))]);
      const seen: number[] = [];
      for (const [key] of kv.range(EVERYTHING)) {
        seen.push(key[0] as number);
        await kv.write([put(bytes(2), bytes(2)), remove(bytes(3))]);
      }
      expect(seen).toEqual([1, 3]);
    });

    test('after close every call fails', async () => {
      const own = await open();
      await own.write([put(bytes(1), bytes(1))]);
      await own.close();
      expect(() => own.get(bytes(1))).toThrow();
      expect(() => [...own.range(EVERYTHING)]).toThrow();
      await expect(own.write([put(bytes(1), bytes(1))])).rejects.toThrow();
    });

    test('promises of writes resolve in the order of the writes', async () => {
      const resolved: number[] = [];
      const writes = Array.from({ length: 50 }, async (_, index) => {
        if (index % 7 === 0) await kv.write([]);
        await kv.write([put(bytes(index), bytes(index))]).then(() => resolved.push(index));
      });
      await Promise.all(writes);
      const early = resolved.filter((index) => index % 7 !== 0);
      expect(early).toEqual([...early].sort((left, right) => left - right));
    });

    test('behaves like a sorted list under random batches, whatever is durable when it is read', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const own = await open();
          try {
            await runAgainstModel(own, steps);
          } finally {
            await own.close();
          }
        }),
        { numRuns: 30 },
      );
    });
  });
}

const smallKey = fc.uint8Array({ minLength: 1, maxLength: 2, max: 3 });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ type: fc.constant('put' as const), key: smallKey, value: fc.uint8Array({ maxLength: 3 }) }),
  fc.record({ type: fc.constant('delete' as const), key: smallKey }),
);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('write' as const), batch: fc.array(operation, { maxLength: 6 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      start: fc.uint8Array({ maxLength: 2, max: 4 }),
      end: fc.uint8Array({ maxLength: 2, max: 4 }),
      limit: fc.nat(6),
      reverse: fc.boolean(),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function runAgainstModel(kv: Kv, steps: readonly Step[]): Promise<void> {
  const model = new Map<string, Entry>();
  const nameOf = (key: Uint8Array) => [...key].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  let last: Promise<void> = Promise.resolve();
  for (const current of steps) {
    if (current.do === 'wait') await last;
    if (current.do === 'write') {
      last = kv.write(current.batch);
      for (const change of current.batch) {
        if (change.type === 'put') model.set(nameOf(change.key), [change.key, change.value]);
        else model.delete(nameOf(change.key));
      }
    }
    if (current.do === 'read') {
      const { start, end, limit, reverse } = current;
      const names = [...model.keys()].sort().filter((name) => name >= nameOf(start) && name < nameOf(end));
      const expected = (reverse ? names.reverse() : names).slice(0, limit).map((name) => model.get(name));
      expect([...kv.range({ start, end, limit, reverse })]).toEqual(expected);
    }
  }
  await last;
  expect(dump(kv)).toEqual([...model.keys()].sort().map((name) => model.get(name)));
}
