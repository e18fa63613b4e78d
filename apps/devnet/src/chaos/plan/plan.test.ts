import { expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { kindOf, processesOf } from './fault.ts';
import { kindsOfRound, type Wave, wavesOf } from './plan.ts';

const VALIDATORS = 4;

function firstWaves(seed: string, count: number): readonly Wave[] {
  const waves = wavesOf(createRandom(seed), VALIDATORS);
  return Array.from({ length: count }, () => waves.next().value);
}

test('a seed gives the same plan again, another seed another one', () => {
  expect(firstWaves('a', 50)).toEqual(firstWaves('a', 50));
  expect(firstWaves('a', 50)).not.toEqual(firstWaves('b', 50));
});

test('a round injects everything before the next one begins', () => {
  const kinds = kindsOfRound(createRandom('kinds'), VALIDATORS);
  for (const seed of ['a', 'b', 'c']) {
    const drawn = firstWaves(seed, 60).flatMap(({ faults }) => faults.map(kindOf));
    for (let round = 0; round < 3; round++) {
      const some = drawn.slice(round * kinds.length, (round + 1) * kinds.length);
      expect(some.toSorted()).toEqual(kinds.toSorted());
    }
  }
});

test('what comes together is of different processes and ways', () => {
  const waves = firstWaves('together', 500);
  for (const { faults } of waves) {
    const touched = faults.flatMap((fault) => processesOf(fault, VALIDATORS));
    expect(new Set(touched).size).toBe(touched.length);
  }
  expect(waves.some(({ faults }) => faults.length > 1)).toBe(true);
});

test('every wave has faults, an end and a pause', () => {
  for (const { faults, lastsMs, pauseMs } of firstWaves('bounds', 500)) {
    expect(faults.length).toBeGreaterThan(0);
    expect(lastsMs).toBeGreaterThan(0);
    expect(lastsMs).toBeLessThanOrEqual(4_000);
    expect(pauseMs).toBeGreaterThan(0);
  }
});
