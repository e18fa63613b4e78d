import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHash } from '@fastpay/protocol';
import { createMemoryKv, type MarkerState } from '@fastpay/storage';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { configSchema, type SidecarConfig } from '../config/schema.ts';
import { loadIdentity } from '../keys/identity.ts';
import { generateKeys } from '../keys/keygen.ts';
import { openFileMarker } from '../marker/file-marker.ts';
import { exportState } from './export-state.ts';
import { importState } from './import-state.ts';
import { networkOf } from './network.fixtures.ts';

/** Counts down with every call that changes the disk, and cuts off at zero. */
const power = vi.hoisted(() => {
  class PowerCut extends Error {}
  const power = {
    PowerCut,
    callsLeft: Number.POSITIVE_INFINITY,
    /** Everything after the cut fails as well, so that no clean-up comes into it. */
    spend<Result>(call: () => Result): Result {
      if (power.callsLeft-- <= 0) throw new PowerCut();
      return call();
    },
  };
  return power;
});
vi.mock('node:fs', async (original) =>
  withPower(await original<object>(), ['renameSync', 'rmSync', 'copyFileSync', 'mkdirSync', 'writeFileSync']),
);
vi.mock('node:fs/promises', async (original) => withPower(await original<object>(), ['open', 'rename']));

function withPower(module: object, names: readonly string[]): object {
  const wrapped = Object.entries(module).map(([name, value]: [string, unknown]) => {
    if (!names.includes(name) || typeof value !== 'function') return [name, value];
    return [name, (...words: readonly unknown[]) => power.spend(() => Reflect.apply(value, module, words) as unknown)];
  });
  return Object.fromEntries(wrapped) as object;
}

const STORE_ID = new Uint8Array(16).fill(3);
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fastpay-cut-off-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function configIn(directory: string): SidecarConfig {
  mkdirSync(directory, { recursive: true });
  return configSchema.parse({
    networkFile: join(directory, 'network.json'),
    name: 'Dave',
    dataDirectory: join(directory, 'store'),
    keyFile: join(directory, 'keys.json'),
    chain: { rpcUrl: 'http://localhost' },
  });
}

/** A validator that was started, a place for a bundle, and two machines that could take it. */
async function createScene(directory: string, state: MarkerState) {
  const [old, target, other] = ['old', 'target', 'other'].map((name) => configIn(join(directory, name))) as [
    SidecarConfig,
    SidecarConfig,
    SidecarConfig,
  ];
  const half = generateKeys(old.keyFile, { name: 'Dave', stake: '1' });
  const votingKey = toHash(half.votingKey);
  const network = networkOf(half);
  mkdirSync(old.dataDirectory);
  writeFileSync(join(old.dataDirectory, 'data.mdb'), 'the store');
  const marker = await openFileMarker(`${old.keyFile}.marker`, votingKey);
  await marker.write(state);
  await marker.close();

  const bundle = join(directory, 'bundle');
  return {
    old,
    target,
    other,
    exportIt: (to = bundle) =>
      exportState(
        { config: old, to },
        { identity: loadIdentity(network, old), openKv: () => Promise.resolve(createMemoryKv()) },
      ),
    importTo: (config: SidecarConfig) => importState({ config, from: bundle }, { network }),
    storeOf: (config: SidecarConfig) => readFileSync(join(config.dataDirectory, 'data.mdb'), 'utf8'),
    /** Whether a sidecar that is started with this configuration could sign: it has keys, and no marker forbids it. */
    async maySign({ keyFile }: SidecarConfig): Promise<boolean> {
      if (!existsSync(keyFile)) return false;
      if (!existsSync(`${keyFile}.marker`)) return true;
      const found = await openFileMarker(`${keyFile}.marker`, votingKey);
      await found.close();
      return found.read()?.isRetired !== true;
    },
  };
}

async function cutOffAfter(calls: number, run: () => Promise<void>): Promise<boolean> {
  power.callsLeft = calls;
  try {
    await run();
    return false;
  } catch (error) {
    if (!isPowerCut(error)) throw error;
    return true;
  } finally {
    power.callsLeft = Number.POSITIVE_INFINITY;
  }
}

function isPowerCut(error: unknown): boolean {
  return error instanceof power.PowerCut || (error instanceof Error && isPowerCut(error.cause));
}

async function didRun(run: Promise<void>): Promise<boolean> {
  return run.then(
    () => true,
    () => false,
  );
}

test.each([0n, 7n])(
  'an import that is cut off anywhere lets one machine sign, and is finished there (count %s)',
  async (count) => {
    let wasCut = true;
    let calls = 0;
    for (; wasCut; calls++) {
      const scene = await createScene(join(root, String(calls)), { storeId: STORE_ID, count, isRetired: false });
      await scene.exportIt();
      wasCut = await cutOffAfter(calls, () => scene.importTo(scene.target));
      const couldSign = await scene.maySign(scene.target);
      const isTakenElsewhere = await didRun(scene.importTo(scene.other));
      expect(couldSign && isTakenElsewhere).toBe(false);
      // Where nothing came of it, the bundle is still good for another machine; else for this one.
      expect(await didRun(scene.importTo(scene.target))).toBe(wasCut && !isTakenElsewhere);
      const here = isTakenElsewhere ? scene.other : scene.target;
      expect(scene.storeOf(here)).toBe('the store');
      const signing = await Promise.all([scene.old, scene.target, scene.other].map(scene.maySign));
      expect(signing).toEqual([false, !isTakenElsewhere, isTakenElsewhere]);
      expect(await didRun(scene.exportIt())).toBe(false);
    }
    expect(calls).toBeGreaterThan(10);
  },
);

test('an import that is run again once the validator runs touches nothing of it', async () => {
  const scene = await createScene(root, { storeId: STORE_ID, count: 7n, isRetired: false });
  await scene.exportIt();
  let calls = 0;
  await cutOffAfter(calls, () => scene.importTo(scene.target));
  while (!existsSync(scene.target.keyFile)) await cutOffAfter(++calls, () => scene.importTo(scene.target));
  writeFileSync(join(scene.target.dataDirectory, 'data.mdb'), 'has gone on');
  await didRun(scene.importTo(scene.target));
  expect(scene.storeOf(scene.target)).toBe('has gone on');
});

test('an export that is cut off anywhere lets one copy be imported, once', async () => {
  let wasCut = true;
  let calls = 0;
  for (; wasCut; calls++) {
    const directory = join(root, String(calls));
    const scene = await createScene(directory, { storeId: STORE_ID, count: 7n, isRetired: false });
    wasCut = await cutOffAfter(calls, () => scene.exportIt());
    const couldSign = await scene.maySign(scene.old);
    const wasWhole = await didRun(scene.importTo(scene.target));
    expect(couldSign && wasWhole).toBe(false);
    // Whatever was left behind, nothing more may come of it where it was imported; else it goes on.
    expect(await didRun(scene.exportIt())).toBe(!wasWhole);
    expect(await didRun(scene.exportIt(join(directory, 'second')))).toBe(false);
    expect(await didRun(scene.importTo(scene.other))).toBe(!wasWhole);
    expect(await scene.maySign(scene.old)).toBe(false);
  }
  expect(calls).toBeGreaterThan(10);
});
