import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { toHex } from '../bytes.ts';
import { limits } from '../limits.ts';
import { hostileBytes } from './mutate-bytes.fixtures.ts';
import { hostileJson } from './mutate-json.fixtures.ts';
import { createRandom, type Random } from './random.fixtures.ts';

/** A decoder under attack: it may return, or throw one of its typed errors, and nothing else. */
export interface FuzzTarget {
  readonly name: string;
  /** Makes one input and decodes it. @throws whatever the decoder throws. */
  attack(random: Random): Attack;
  isTyped(error: unknown): boolean;
}

interface Attack {
  readonly bytes: number;
  run(): unknown;
  /** The input, for the report of a failure. */
  show(): string;
}

interface TargetOptions<Input> {
  readonly name: string;
  /** Valid inputs, at least one: most attacks begin with one. */
  readonly samples: readonly Input[];
  decode(input: Input): unknown;
  isTyped(error: unknown): boolean;
  /** Bytes or characters; what a request may have, unless given. */
  readonly longest?: number;
}

export function bytesTarget({
  samples,
  longest = limits.requestBytes,
  ...rest
}: TargetOptions<Uint8Array>): FuzzTarget {
  return {
    ...rest,
    attack(random) {
      const input = hostileBytes(samples, longest, random);
      return { bytes: input.length, run: () => rest.decode(input), show: () => toHex(input.subarray(0, 4_096)) };
    },
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Text is tampered with as UTF-8, so that it also gets characters that nobody types. */
export function textTarget({ samples, longest = limits.requestBytes, ...rest }: TargetOptions<string>): FuzzTarget {
  const encoded = samples.map((sample) => encoder.encode(sample));
  return {
    ...rest,
    attack(random) {
      const input = decoder.decode(hostileBytes(encoded, longest, random));
      return { bytes: input.length, run: () => rest.decode(input), show: () => JSON.stringify(input.slice(0, 4_096)) };
    },
  };
}

/** For readers of what `JSON.parse` gave. */
export function jsonTarget({ samples, longest = 20_000, ...rest }: TargetOptions<unknown>): FuzzTarget {
  return {
    ...rest,
    attack(random) {
      const input = hostileJson(samples, longest, random);
      const text = JSON.stringify(input);
      return { bytes: text.length, run: () => rest.decode(input), show: () => text.slice(0, 4_096) };
    },
  };
}

export interface FuzzReport {
  readonly seed: number;
  readonly cases: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Inputs that were taken; the others were refused. */
  readonly taken: number;
  readonly slowestMs: number;
  /** The target and case that took longest. */
  readonly slowest: string;
  readonly retainedBytes: number;
}

/** No input may take longer, on a busy machine. */
const SLOWEST_MS = 5_000;
/** What a run may leave behind in memory: caches that fill up to their bounds, and code that got compiled. */
const RETAINED_BYTES = 40 * 1024 * 1024;
const WARM_UP_CASES = 64;

/**
 * Attacks each target in turn: `FUZZ_SECONDS` long, or else `cases` times each; from the seed `FUZZ_SEED`, or else
 * always the same. A failure names the target, the seed and the case, and shows the input.
 */
export async function fuzz(targets: readonly FuzzTarget[], cases = 400): Promise<FuzzReport> {
  const seed = Number(process.env.FUZZ_SEED ?? 20_260_801);
  const seconds = process.env.FUZZ_SECONDS === undefined ? undefined : Number(process.env.FUZZ_SECONDS);
  const start = performance.now();
  const goesOn = (round: number) =>
    seconds === undefined ? round < cases : performance.now() - start < seconds * 1_000;
  let [bytes, taken, done, slowestMs, heapBefore] = [0, 0, 0, 0, 0];
  let slowest = '';
  for (let round = 0; goesOn(round); round++) {
    if (round === WARM_UP_CASES) heapBefore = usedBytes();
    for (const [index, target] of targets.entries()) {
      const attack = target.attack(createRandom(seed, index, round));
      const began = performance.now();
      if (await isTaken(target, attack, `seed ${seed}, case ${round}`)) taken += 1;
      const ms = performance.now() - began;
      if (ms > SLOWEST_MS) throw failure(target, attack, `seed ${seed}, case ${round}`, `it took ${ms} ms`);
      if (ms > slowestMs) [slowestMs, slowest] = [ms, `${target.name} ${round}`];
      bytes += attack.bytes;
      done += 1;
    }
  }
  const retainedBytes = heapBefore === 0 ? 0 : usedBytes() - heapBefore;
  if (retainedBytes > RETAINED_BYTES) throw new Error(`${retainedBytes} bytes were left in memory (seed ${seed})`);
  const took = (performance.now() - start) / 1_000;
  return { seed, cases: done, bytes, seconds: took, taken, slowestMs, slowest, retainedBytes };
}

async function isTaken(target: FuzzTarget, attack: Attack, where: string): Promise<boolean> {
  try {
    await attack.run();
    return true;
  } catch (error) {
    if (target.isTyped(error)) return false;
    throw failure(target, attack, where, `it threw ${error}`, error);
  }
}

function failure(target: FuzzTarget, attack: Attack, where: string, problem: string, cause?: unknown): Error {
  return new Error(`${target.name} (${where}): ${problem}\n${attack.show()}`, { cause });
}

export function fuzzLine(name: string, report: FuzzReport): string {
  const { seed, cases, bytes, seconds, taken, slowestMs, slowest, retainedBytes } = report;
  const megabytes = (value: number) => (value / 1_000_000).toFixed(1);
  return `${name}: ${cases} cases, ${megabytes(bytes)} MB in ${seconds.toFixed(1)} s, ${taken} taken, ${cases - taken} refused, slowest ${slowestMs.toFixed(0)} ms (${slowest}), ${megabytes(retainedBytes)} MB retained, seed ${seed}`;
}

let collectGarbage: (() => void) | undefined;

function usedBytes(): number {
  if (!collectGarbage) {
    setFlagsFromString('--expose-gc');
    collectGarbage = runInNewContext('gc') as () => void;
  }
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
