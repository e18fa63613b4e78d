import { expect, test } from 'vitest';
import { createLife, Dead } from './mortal.ts';

async function* count(): AsyncGenerator<number> {
  for (let number = 0; ; number++) yield number;
}

test('nothing that is bound to a life is begun after its end', () => {
  const written: string[] = [];
  const life = createLife();
  const store = life.bind({ write: (text: string) => written.push(text) });
  store.write('before');
  life.end();
  expect(() => store.write('after')).toThrow(Dead);
  expect(written).toEqual(['before']);
});

test('what was under way takes effect, and its caller never learns of it', async () => {
  const gate = Promise.withResolvers<string>();
  const life = createLife();
  const store = life.bind({ write: () => gate.promise });
  const written = store.write();
  life.end();
  gate.resolve('done');
  await expect(written).rejects.toThrow(Dead);
});

test('a stream ends in the middle', async () => {
  const life = createLife();
  const transport = life.bind({ count });
  const seen: number[] = [];
  const reading = async () => {
    for await (const number of transport.count()) {
      seen.push(number);
      if (number === 2) life.end();
    }
  };
  await expect(reading()).rejects.toThrow(Dead);
  expect(seen).toEqual([0, 1, 2]);
  expect(life.signal.aborted).toBe(true);
});
