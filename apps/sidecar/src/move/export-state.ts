import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { toHex } from '@fastpay/protocol';
import type { Kv, MarkerState } from '@fastpay/storage';
import { ConfigError } from '../config/error.ts';
import type { SidecarConfig } from '../config/schema.ts';
import type { Identity } from '../keys/identity.ts';
import { openFileMarker } from '../marker/file-marker.ts';
import { markerFileOf } from '../marker/marker-file-of.ts';
import { bundleLayout, copyDurably, copyStore, isTaken, readManifest, writeManifest } from './bundle.ts';
import { type Claim, exportClaim } from './claim.ts';

/**
 * Puts the whole state of a stopped validator into a directory, and retires its marker, so that what stays behind
 * never signs again (§5). The copy may be imported once its marker is there, which is written last: wherever this breaks
 * off, at most one of the two can sign, and running it again with the same directory finishes it. Which directory that
 * is, is noted beside the marker before it is retired, so that it is handed over to one only, and once.
 * @throws UnavailableError while the validator runs; ConfigError when there is nothing that could go on signing.
 */
export async function exportState(
  { config, to }: { readonly config: SidecarConfig; readonly to: string },
  { identity, openKv }: { readonly identity: Identity; readonly openKv: (directory: string) => Promise<Kv> },
): Promise<void> {
  const { votingSigner } = identity;
  const layout = bundleLayout(to);
  const source = markerFileOf(config);
  if (!existsSync(config.dataDirectory) || !existsSync(source)) {
    throw problem(`dataDirectory ${config.dataDirectory}`, 'holds no validator that has been started with these keys');
  }
  // Held to the end: no process can sign from this store meanwhile.
  const kv = await openKv(config.dataDirectory);
  try {
    const marker = await openFileMarker(source, votingSigner.publicKey);
    try {
      const state = marker.read();
      if (!state) throw problem(`markerFile ${source}`, 'was never written: there is nothing to move but the key file');
      const claim = exportClaim(source);
      if (state.isRetired) assertUnfinished(to, { state, claim });
      else await claim.write(copyEverything({ config, to }, state));
      await marker.write({ ...state, isRetired: true });
      await handOver(layout.marker, identity, { ...state, isRetired: false });
      claim.drop();
    } finally {
      await marker.close();
    }
  } finally {
    await kv.close();
  }
}

/** @returns The id of the copy. */
function copyEverything(
  { config, to }: { readonly config: SidecarConfig; readonly to: string },
  state: MarkerState,
): string {
  const { store, keys, marker } = bundleLayout(to);
  if (existsSync(marker) || isTaken(to)) throw problem(`--to ${to}`, 'holds a validator already');
  // Of an attempt that broke off: its copy may be of an earlier time.
  rmSync(store, { recursive: true, force: true });
  rmSync(keys, { force: true });
  mkdirSync(to, { recursive: true, mode: 0o700 });
  copyStore(config.dataDirectory, store);
  copyDurably(config.keyFile, keys);
  const id = randomBytes(16).toString('hex');
  writeManifest(to, { id, name: config.name, ...factsOf(state) });
  return id;
}

/** A retired marker lets nothing sign any more, unless it was retired for the very copy that lies there. */
function assertUnfinished(to: string, { state, claim }: { readonly state: MarkerState; readonly claim: Claim }): void {
  const facts = factsOf(state);
  const isMine = () => {
    const { id, storeId, count } = readManifest(to);
    return id === claim.read() && storeId === facts.storeId && count === facts.count;
  };
  // Where the marker lies there already only the note here is left to be dropped.
  if (existsSync(bundleLayout(to).manifest) && isMine()) return;
  throw problem('markerFile', 'is retired: these keys must not sign from here, nor from a copy of what is here');
}

async function handOver(file: string, { votingSigner }: Identity, state: MarkerState): Promise<void> {
  const marker = await openFileMarker(file, votingSigner.publicKey);
  try {
    await marker.write(state);
  } finally {
    await marker.close();
  }
}

function factsOf({ storeId, count }: MarkerState) {
  return { storeId: toHex(storeId), count: String(count) };
}

function problem(field: string, what: string): ConfigError {
  return new ConfigError([{ field, problem: what }]);
}
