import { type RejectCode, RejectError, type RejectFacts } from '@fastpay/protocol';
import { dump } from '@fastpay/storage/testing';
import { expect } from 'vitest';
import type { openValidator } from './world.fixtures.ts';

/** The request is refused with the code, and not one byte of the store has changed. */
export async function expectRefusal(
  validator: ReturnType<typeof openValidator>,
  request: () => Promise<unknown>,
  code: RejectCode,
): Promise<RejectFacts> {
  const before = dump(validator.kv);
  const counters = validator.counters();
  const reject = await request().then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(reject).toBeInstanceOf(RejectError);
  expect((reject as RejectError).code).toBe(code);
  expect(dump(validator.kv)).toEqual(before);
  expect(validator.counters()).toEqual(counters);
  return (reject as RejectError).facts;
}
