import { expect, test } from 'vitest';
import { createCleanup, Interrupted } from './cleanup.ts';

function recorder() {
  const stopped: string[] = [];
  const failures: unknown[] = [];
  const cleanup = createCleanup((error) => failures.push(error));
  const add = (name: string) => cleanup.add(async () => void stopped.push(name));
  return { cleanup, add, stopped, failures };
}

test('what was started last is stopped first, each once', async () => {
  const { cleanup, add, stopped } = recorder();
  await add('node');
  await add('relay');
  await Promise.all([cleanup.run(), cleanup.run()]);
  expect(stopped).toEqual(['relay', 'node']);
});

test('one that cannot be stopped does not keep the others', async () => {
  const { cleanup, add, stopped, failures } = recorder();
  await add('node');
  await cleanup.add(() => Promise.reject(new Error('stuck')));
  await cleanup.run();
  expect(stopped).toEqual(['node']);
  expect(failures).toEqual([new Error('stuck')]);
});

test('what comes up after stopping has begun is stopped at once, and a start goes no further', async () => {
  const { cleanup, add, stopped } = recorder();
  cleanup.check();
  await cleanup.run();
  await add('late');
  expect(stopped).toEqual(['late']);
  expect(() => cleanup.check()).toThrow(Interrupted);
});
