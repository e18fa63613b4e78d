import { OrderKind } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { createBook } from './load/book.ts';
import { ann, ben, memoOf } from './outside/testing.fixtures.ts';
import { report } from './report.ts';
import type { Outcome } from './run.ts';

const options = { seed: 'a', seconds: 60 };

function outcome(violations: readonly string[] = []): Outcome {
  const book = createBook();
  const [first, second, third] = [memoOf(1), memoOf(2), memoOf(3)];
  for (const memo of [first, second, third]) {
    book.begin({ memo, device: 'a', owner: ann, recipient: ben, amount: 1n, kind: OrderKind.transfer });
  }
  book.end({ device: 'a', memo: first, transactionHash: memoOf(11), end: 'skipped' });
  // Another device of the same owner got it through in another slot.
  book.end({ device: 'b', memo: first, transactionHash: memoOf(12), end: 'paid' });
  book.end({ device: 'a', memo: second, transactionHash: memoOf(13), end: 'skipped' });
  book.refused('EXITING');
  book.refused('EXITING');
  return {
    book,
    injected: new Map([['kill relay', 2]]),
    notInjected: ['kill everything'],
    certificates: 1,
    settled: 1,
    exits: 0,
    endedByDisk: 0,
    killsInLoops: 0,
    violations,
    processIds: new Set(),
  };
}

const numberAfter = (text: string, name: string) => Number(new RegExp(`${name} +(\\d+)`).exec(text)?.[1]);

test('a report counts each intent once, and says what was injected and what was not', () => {
  const text = report(outcome(), options);
  expect(numberAfter(text, 'payments begun')).toBe(3);
  expect(numberAfter(text, 'seen paid by their wallet')).toBe(1);
  expect(numberAfter(text, 'seen ended without being paid')).toBe(1);
  expect(numberAfter(text, 'never signed, or refused before they were sent')).toBe(1);
  expect(numberAfter(text, 'kill relay')).toBe(2);
  expect(numberAfter(text, 'EXITING')).toBe(2);
  expect(text).toContain('Too short for: kill everything');
  expect(text).toContain('✓ Nothing lost, nothing twice (seed a');
});

test('violations are all told, with the seed', () => {
  const text = report(outcome(['Dave lost a slot']), options);
  expect(text).toContain('✗ Dave lost a slot');
  expect(text).toContain('✗ 1 violations (seed a');
  expect(text).not.toContain('✓');
});
