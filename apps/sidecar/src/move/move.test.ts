import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Network } from '@fastpay/protocol';
import { createMemoryKv, type MarkerState } from '@fastpay/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configSchema, type SidecarConfig } from '../config/schema.ts';
import { loadIdentity } from '../keys/identity.ts';
import { generateKeys } from '../keys/keygen.ts';
import { openFileMarker } from '../marker/file-marker.ts';
import { bundleLayout, readManifest } from './bundle.ts';
import { exportState } from './export-state.ts';
import { importState } from './import-state.ts';
import { networkOf } from './network.fixtures.ts';

const STATE: MarkerState = { storeId: new Uint8Array(16).fill(3), count: 7n, isRetired: false };
let root: string;
let network: Network;
let config: SidecarConfig;

function configIn(directory: string, name = 'Dave'): SidecarConfig {
  mkdirSync(join(root, directory), { recursive: true });
  const at = (file: string) => join(root, directory, file);
  return configSchema.parse({
    networkFile: at('network.json'),
    name,
    dataDirectory: at('store'),
    keyFile: at('keys.json'),
    chain: { rpcUrl: 'http://localhost' },
  });
}

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'fastpay-move-'));
  config = configIn('old');
  const half = generateKeys(config.keyFile, { name: 'Dave', stake: '1' });
  network = networkOf(half);
  mkdirSync(config.dataDirectory);
  for (const name of ['data.mdb', 'peers.json', 'lock.mdb', 'owner.lock']) {
    writeFileSync(join(config.dataDirectory, name), `the bytes of ${name}`);
  }
  await writeMarker(`${config.keyFile}.marker`, STATE);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const votingKey = () => loadIdentity(network, config).votingSigner.publicKey;

async function writeMarker(file: string, state: MarkerState): Promise<void> {
  const marker = await openFileMarker(file, votingKey());
  await marker.write(state);
  await marker.close();
}

async function markerIn(file: string): Promise<MarkerState | undefined> {
  const marker = await openFileMarker(file, votingKey());
  await marker.close();
  return marker.read();
}

const bundle = (name = 'bundle') => join(root, name);
const exportTo = (to: string) =>
  exportState(
    { config, to },
    { identity: loadIdentity(network, config), openKv: () => Promise.resolve(createMemoryKv()) },
  );
const importTo = (target: SidecarConfig, from = bundle()) => importState({ config: target, from }, { network });

describe('export-state', () => {
  it('copies store and keys for one reader only, retires what stays, and lets the copy sign', async () => {
    await exportTo(bundle());
    const { store, keys, marker } = bundleLayout(bundle());
    expect(readFileSync(join(store, 'data.mdb'), 'utf8')).toBe('the bytes of data.mdb');
    expect(existsSync(join(store, 'peers.json'))).toBe(true);
    expect(existsSync(join(store, 'owner.lock'))).toBe(false);
    expect(readFileSync(keys)).toEqual(readFileSync(config.keyFile));
    expect([statSync(bundle()).mode & 0o777, statSync(keys).mode & 0o777]).toEqual([0o700, 0o600]);
    expect(await markerIn(marker)).toEqual(STATE);
    expect(await markerIn(`${config.keyFile}.marker`)).toEqual({ ...STATE, isRetired: true });
  });

  it('is finished by running it again, when it broke off after the original was retired', async () => {
    await exportTo(bundle());
    rmSync(bundleLayout(bundle()).marker);
    const { id } = readManifest(bundle());
    writeFileSync(`${config.keyFile}.marker.export`, JSON.stringify({ id }));
    await exportTo(bundle());
    expect(await markerIn(bundleLayout(bundle()).marker)).toEqual(STATE);
  });

  it('begins anew when it broke off before that', async () => {
    mkdirSync(bundleLayout(bundle()).store, { recursive: true });
    writeFileSync(join(bundleLayout(bundle()).store, 'data.mdb'), 'half');
    await exportTo(bundle());
    expect(readFileSync(join(bundleLayout(bundle()).store, 'data.mdb'), 'utf8')).toBe('the bytes of data.mdb');
  });

  it('makes no second copy, and none of a validator that must not sign', async () => {
    await exportTo(bundle());
    await expect(exportTo(bundle())).rejects.toThrow('is retired');
    await expect(exportTo(bundle('second'))).rejects.toThrow('is retired');
    // Retired for another reason, at another count than the copy that lies there was made at.
    rmSync(bundleLayout(bundle()).marker);
    await writeMarker(`${config.keyFile}.marker`, { ...STATE, count: 9n, isRetired: true });
    await expect(exportTo(bundle())).rejects.toThrow('is retired');
  });

  it('hands over to one directory only, though another holds a whole copy of an attempt that broke off', async () => {
    await exportTo(bundle('first'));
    // As if it had broken off before the original was retired.
    rmSync(bundleLayout(bundle('first')).marker);
    await writeMarker(`${config.keyFile}.marker`, STATE);
    await exportTo(bundle('second'));
    await expect(exportTo(bundle('first'))).rejects.toThrow('is retired');
  });

  it('makes nothing of a bundle that was imported already', async () => {
    await exportTo(bundle());
    await importTo(configIn('new'));
    await expect(exportTo(bundle())).rejects.toThrow('is retired');
    await expect(importTo(configIn('other'))).rejects.toThrow('was imported already');
  });

  it('has nothing to move of a validator that was never started', async () => {
    rmSync(`${config.keyFile}.marker`);
    await expect(exportTo(bundle())).rejects.toThrow('holds no validator that has been started');
    expect(existsSync(bundle())).toBe(false);
  });
});

describe('import-state', () => {
  it('puts everything where the configuration says, once', async () => {
    await exportTo(bundle());
    const target = configIn('new');
    await importTo(target);
    expect(readFileSync(join(target.dataDirectory, 'data.mdb'), 'utf8')).toBe('the bytes of data.mdb');
    expect(await markerIn(`${target.keyFile}.marker`)).toEqual(STATE);
    await expect(importTo(configIn('other'))).rejects.toThrow('was imported already');
  });

  it('overwrites nothing', async () => {
    await exportTo(bundle());
    const target = configIn('new');
    writeFileSync(target.keyFile, 'precious');
    await expect(importTo(target)).rejects.toThrow('exists already');
    expect(readFileSync(target.keyFile, 'utf8')).toBe('precious');
  });

  it('takes no unfinished bundle, and none of somebody else', async () => {
    await expect(importTo(configIn('new'))).rejects.toThrow('holds no whole copy');
    await exportTo(bundle());
    await expect(importTo(configIn('new', 'Edgar'))).rejects.toThrow('holds the state of Dave');
    rmSync(bundleLayout(bundle()).marker);
    await expect(importTo(configIn('new'))).rejects.toThrow('the export was not finished');
  });
});
