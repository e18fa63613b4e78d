import type { Random } from '../random.ts';
import { type Fault, kindOf, processesOf, type Way } from './fault.ts';

/** Faults of one moment, and how long they last before they are healed. */
export interface Wave {
  readonly faults: readonly Fault[];
  readonly lastsMs: number;
  /** Undisturbed time afterwards. */
  readonly pauseMs: number;
}

const LASTS_MS = { least: 800, most: 5_000 };
const PAUSE_MS = { least: 300, most: 2_500 };
const DELAY_MS = { least: 20, most: 400 };
const MOST_FAULTS_AT_ONCE = 3;

type Draw = (random: Random, validators: number) => Fault;

const anyValidator = (random: Random, validators: number) => random.between(0, validators - 1);

const ways: readonly ((random: Random, validators: number) => Way)[] = [
  () => ({ between: 'wallets and relay' }),
  (random, validators) => ({ between: 'relay and validator', validator: anyValidator(random, validators) }),
  (random, validators) => ({ between: 'validator and peers', validator: anyValidator(random, validators) }),
  (random, validators) => ({ between: 'validator and Tempo node', validator: anyValidator(random, validators) }),
  (random, validators) => {
    const [first = 0, second = 1] = random.shuffled(Array.from({ length: validators }, (_, index) => index));
    return { between: 'halves of the committee', validators: [first, second] };
  },
];

/** One way to draw each kind of fault that there is. */
const draws: readonly Draw[] = [
  (random, validators) => ({ kind: 'kill validator', validator: anyValidator(random, validators) }),
  (random, validators) => ({ kind: 'pause validator', validator: anyValidator(random, validators) }),
  (random, validators) => ({ kind: 'disk full', validator: anyValidator(random, validators) }),
  (random, validators) => ({ kind: 'store not writable', validator: anyValidator(random, validators) }),
  () => ({ kind: 'kill relay' }),
  () => ({ kind: 'pause relay' }),
  () => ({ kind: 'kill Tempo node' }),
  () => ({ kind: 'pause Tempo node' }),
  (random, validators) => ({ kind: 'kill all validators but one', validator: anyValidator(random, validators) }),
  () => ({ kind: 'kill everything' }),
  ...ways.flatMap((way): readonly Draw[] => [
    (random, validators) => ({ kind: 'cut', way: way(random, validators) }),
    (random, validators) => ({ kind: 'stall', way: way(random, validators) }),
    (random, validators) => ({
      kind: 'delay',
      way: way(random, validators),
      delayMs: random.between(DELAY_MS.least, DELAY_MS.most),
    }),
  ]),
];

/** Every kind that a plan draws from, as `kindOf` names it. */
export function allKinds(random: Random, validators: number): readonly string[] {
  return draws.map((draw) => kindOf(draw(random, validators)));
}

/**
 * An endless row of waves that depends on the seed alone. Every kind comes once, in random order, before any comes
 * again; what comes together is of different processes and ways.
 */
export function* wavesOf(random: Random, validators: number): Generator<Wave, never> {
  let left: readonly Draw[] = [];
  for (;;) {
    const faults: Fault[] = [];
    const taken = new Set<string>();
    const wanted = random.between(1, MOST_FAULTS_AT_ONCE);
    while (faults.length < wanted) {
      if (left.length === 0) left = random.shuffled(draws);
      const [draw, ...rest] = left;
      const fault = draw?.(random, validators);
      if (!fault) break;
      const processes = processesOf(fault, validators);
      // It stays first in the row, for the next wave.
      if (processes.some((name) => taken.has(name))) break;
      for (const name of processes) taken.add(name);
      faults.push(fault);
      left = rest;
    }
    yield {
      faults,
      lastsMs: random.between(LASTS_MS.least, LASTS_MS.most),
      pauseMs: random.between(PAUSE_MS.least, PAUSE_MS.most),
    };
  }
}
