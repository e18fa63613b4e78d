import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fromHex, type Network, toHex } from '@fastpay/protocol';
import { ConfigError } from '../config/error.ts';
import type { SidecarConfig } from '../config/schema.ts';
import { loadIdentity } from '../keys/identity.ts';
import { openFileMarker } from '../marker/file-marker.ts';
import { markerFileOf } from '../marker/marker-file-of.ts';
import { replaceFile } from '../store/replace-file.ts';
import {
  assertAbsent,
  type BundleManifest,
  bundleLayout,
  copyStore,
  isTaken,
  readManifest,
  syncDirectory,
  takeBundle,
} from './bundle.ts';
import { type Claim, importClaim } from './claim.ts';

interface Import {
  readonly config: SidecarConfig;
  readonly from: string;
}

/**
 * Takes the state that `export-state` has put into a directory to where this configuration wants it. The directory is
 * taken from all others before anything comes here, and the keys come last: wherever this breaks off, at most one
 * machine can sign, and running it again with the same configuration finishes it.
 * @throws ConfigError when the directory is incomplete, is another validator's, was taken by another import, or
 *   something is in the way.
 */
export async function importState(request: Import, { network }: { readonly network: Network }): Promise<void> {
  const claim = importClaim(markerFileOf(request.config));
  const begun = claim.read();
  const isMine = begun !== undefined && existsSync(bundleLayout(request.from).taken(begun));
  const id = isMine ? begun : await take(request, { network, claim });
  const layout = bundleLayout(request.from);
  const manifest = readManifest(request.from, layout.taken(id));
  assertName(request, manifest);
  await bring(request, { network, manifest });
  claim.drop();
}

/** From here on nobody else can import: noted here first, so that this machine knows afterwards that it was the one. */
async function take(
  { config, from }: Import,
  { network, claim }: { readonly network: Network; readonly claim: Claim },
): Promise<string> {
  const layout = bundleLayout(from);
  if (isTaken(from)) {
    const fix = 'if that import was cut off, run it again where it was begun; no other may be made of this validator';
    throw problem(`--from ${from}`, 'was imported already, or its import was begun with another configuration', fix);
  }
  const manifest = readManifest(from);
  assertName({ config, from }, manifest);
  if (!existsSync(layout.marker)) throw unfinished(from);
  await assertMaySign(from, { network, manifest });
  assertAbsent('dataDirectory', config.dataDirectory);
  assertAbsent('keyFile', config.keyFile);
  assertAbsent('markerFile', markerFileOf(config));
  const id = randomBytes(16).toString('hex');
  await claim.write(id);
  takeBundle(from, id);
  return id;
}

async function assertMaySign(
  from: string,
  { network, manifest: { name, storeId, count } }: { readonly network: Network; readonly manifest: BundleManifest },
): Promise<void> {
  const { keys, marker } = bundleLayout(from);
  const { votingSigner } = loadIdentity(network, { name, keyFile: keys });
  const exported = await openFileMarker(marker, votingSigner.publicKey);
  const state = exported.read();
  await exported.close();
  if (!state) throw unfinished(from);
  const isOfCopy = toHex(state.storeId) === storeId && String(state.count) === count;
  if (!isOfCopy || state.isRetired) throw problem(`--from ${from}`, 'may not sign any more');
}

/** Until the keys are here nothing can run here, so whatever an attempt before has left may be made anew. */
async function bring(
  { config, from }: Import,
  { network, manifest }: { readonly network: Network; readonly manifest: BundleManifest },
): Promise<void> {
  const layout = bundleLayout(from);
  const keys = readFileSync(layout.keys);
  if (existsSync(config.keyFile)) {
    // An attempt before has come to its end: the validator may have run since, and is not to be touched.
    if (readFileSync(config.keyFile).equals(keys)) return;
    throw problem(`keyFile ${config.keyFile}`, 'has come there since the import was begun, and is not overwritten');
  }
  rmSync(layout.marker, { force: true });
  syncDirectory(from);
  const { votingSigner } = loadIdentity(network, { name: manifest.name, keyFile: layout.keys });
  rmSync(config.dataDirectory, { recursive: true, force: true });
  copyStore(layout.store, config.dataDirectory);
  syncDirectory(dirname(config.dataDirectory));
  const marker = await openFileMarker(markerFileOf(config), votingSigner.publicKey);
  await marker.write({ storeId: fromHex(manifest.storeId), count: BigInt(manifest.count), isRetired: false });
  await marker.close();
  await replaceFile(config.keyFile, keys);
}

function unfinished(from: string): ConfigError {
  const fix = 'run export-state again with the same directory, on the old machine';
  return problem(`--from ${from}`, 'holds no marker: the export was not finished', fix);
}

function assertName({ config, from }: Import, { name }: BundleManifest): void {
  if (name !== config.name) throw problem(`--from ${from}`, `holds the state of ${name}, not of ${config.name}`);
}

function problem(field: string, what: string, fix?: string): ConfigError {
  return new ConfigError([{ field, problem: what, ...(fix !== undefined && { fix }) }]);
}
