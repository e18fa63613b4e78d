import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { toHex } from '@fastpay/protocol';
import type { Kv, MarkerState } from '@fastpay/storage';
import { ConfigError } from '../config/error.ts';
import type { SidecarConfig } from '../config/schema.ts';
import type { Identity } from '../keys/identity.ts';
import { openFileMarker } from '../marker/file-marker.ts';
import { markerFileOf } from '../marker/marker-file-of.ts';
import { bundleLayout, copyDurably, copyStore, readManifest, writeManifest } from './bundle.ts';

/**
 * Puts the whole state of a stopped validator into a directory, and retires its marker, so that what stays behind
 * never signs again (§5). The copy may sign once it is complete, and that is written last: wherever this breaks off, at
 * most one of the two can sign, and running it again with the same directory finishes it.
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
      if (state.isRetired) assertUnfinished(to, state);
      else copyEverything({ config, to }, state);
      await marker.write({ ...state, isRetired: true });
      await handOver(layout.marker, identity, { ...state, isRetired: false });
    } finally {
      await marker.close();
    }
  } finally {
    await kv.close();
  }
}

function copyEverything(
  { config, to }: { readonly config: SidecarConfig; readonly to: string },
  state: MarkerState,
): void {
  const { store, keys, marker } = bundleLayout(to);
  if (existsSync(marker)) throw problem(`--to ${to}`, 'holds a validator already');
  // Of an attempt that broke off: its copy may be of an earlier time.
  rmSync(store, { recursive: true, force: true });
  rmSync(keys, { force: true });
  mkdirSync(to, { recursive: true, mode: 0o700 });
  copyStore(config.dataDirectory, store);
  copyDurably(config.keyFile, keys);
  writeManifest(to, { name: config.name, ...factsOf(state) });
}

/** A retired marker lets nothing sign any more, unless it was retired for the very copy that lies there. */
function assertUnfinished(to: string, state: MarkerState): void {
  const facts = factsOf(state);
  const isMine = () => {
    const manifest = readManifest(to);
    return manifest.storeId === facts.storeId && manifest.count === facts.count;
  };
  if (existsSync(bundleLayout(to).manifest) && !existsSync(bundleLayout(to).marker) && isMine()) return;
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
