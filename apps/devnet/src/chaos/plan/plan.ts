import type { Random } from '../random.ts';
import { type Fault, kindOf, processesOf, type Way } from './fault.ts';

/** Faults of one moment, and how long they last before they are healed. */
export interface Wave {
  readonly faults: readonly Fault[];
  readonly lastsMs: number;
  /** Undisturbed time afterwards. */
  readonly pauseMs: number;
}

const LASTS_MS = { least: 800, most: 4_000 };
const PAUSE_MS = { least: 500, most: 3_000 };
const DELAY_MS = { least: 20, most: 400 };
const MOST_FAULTS_AT_ONCE = 4;

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

const killValidator: Draw = (random, validators) => ({
  kind: 'kill validator',
  validator: anyValidator(random, validators),
});
const killInALoop: Draw = (random, validators) => ({
  kind: 'kill validator in a loop',
  validator: anyValidator(random, validators),
});

/** Every kind of fault that there is, the commonest several times: a round of faults injects all of these. */
const draws: readonly Draw[] = [
  killValidator,
  killValidator,
  killInALoop,
  killInALoop,
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

/** What every round of a plan injects, as `kindOf` names it. */
export function kindsOfRound(random: Random, validators: number): readonly string[] {
  return draws.map((draw) => kindOf(draw(random, validators)));
}

/**
 * An endless row of waves that depends on the seed alone, in rounds: each injects everything once, in random order,
 * before the next one begins. What comes together is of different processes and ways.
 */
export function* wavesOf(random: Random, validators: number): Generator<Wave, never> {
  let left: readonly Fault[] = [];
  for (;;) {
    if (left.length === 0) left = random.shuffled(draws).map((draw) => draw(random, validators));
    const faults = compatible(left, random.between(2, MOST_FAULTS_AT_ONCE), validators);
    left = left.filter((fault) => !faults.includes(fault));
    yield {
      faults,
      lastsMs: random.between(LASTS_MS.least, LASTS_MS.most),
      pauseMs: random.between(PAUSE_MS.least, PAUSE_MS.most),
    };
  }
}

/** The first of all, and the next ones that touch nothing that is taken; at most `most`. */
function compatible(faults: readonly Fault[], most: number, validators: number): readonly Fault[] {
  const taken = new Set<string>();
  return faults
    .filter((fault) => {
      const touched = processesOf(fault, validators);
      if (touched.some((name) => taken.has(name))) return false;
      for (const name of touched) taken.add(name);
      return true;
    })
    .slice(0, most);
}
