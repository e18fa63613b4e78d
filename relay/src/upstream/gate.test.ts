import { RejectError } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { createGate } from './gate.ts';

test('it runs and queues a bounded number, in order, and refuses the rest', async () => {
  const gate = createGate({ running: 2, waiting: 2 });
  const tasks = Array.from({ length: 5 }, () => Promise.withResolvers<string>());
  const started: number[] = [];
  const results = tasks.map(({ promise }, index) =>
    gate
      .run(() => {
        started.push(index);
        return promise;
      })
      .catch((error: unknown) => (error instanceof RejectError ? error.code : 'another error')),
  );
  expect(await results[4]).toBe('TEMPORARILY_UNAVAILABLE');
  expect(started).toEqual([0, 1]);
  tasks[1]?.resolve('one');
  expect(await results[1]).toBe('one');
  tasks[0]?.reject(new Error('failed'));
  expect(await results[0]).toBe('another error');
  tasks[2]?.resolve('two');
  tasks[3]?.resolve('three');
  expect(await Promise.all(results.slice(2, 4))).toEqual(['two', 'three']);
  expect(started).toEqual([0, 1, 2, 3]);
});
