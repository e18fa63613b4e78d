import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Network } from '@fastpay/protocol';
import { ConfigError } from '../config/error.ts';
import type { SidecarConfig } from '../config/schema.ts';
import { loadIdentity } from '../keys/identity.ts';
import { openFileMarker } from '../marker/file-marker.ts';
import { markerFileOf } from '../marker/marker-file-of.ts';
import { assertAbsent, bundleLayout, copyDurably, copyStore, readManifest, syncDirectory } from './bundle.ts';

/**
 * Takes the state that `export-state` has put into a directory to where this configuration wants it, marker last, and
 * takes the marker out of the directory, which can be imported once only.
 * @throws ConfigError when the directory is incomplete, is another validator's, or something is in the way.
 */
export async function importState(
  { config, from }: { readonly config: SidecarConfig; readonly from: string },
  { network }: { readonly network: Network },
): Promise<void> {
  const layout = bundleLayout(from);
  const target = markerFileOf(config);
  const { name } = readManifest(from);
  if (name !== config.name) throw problem(`--from ${from}`, `holds the state of ${name}, not of ${config.name}`);
  if (!existsSync(layout.marker)) {
    throw problem(`--from ${from}`, 'holds no marker: the export was not finished, or it was imported already');
  }
  const { votingSigner } = loadIdentity(network, { name, keyFile: layout.keys });
  const exported = await openFileMarker(layout.marker, votingSigner.publicKey);
  const state = exported.read();
  await exported.close();
  if (!state || state.isRetired) throw problem(`--from ${from}`, 'may not sign any more');
  assertAbsent('dataDirectory', config.dataDirectory);
  assertAbsent('keyFile', config.keyFile);
  assertAbsent('markerFile', target);

  copyStore(layout.store, config.dataDirectory);
  copyDurably(layout.keys, config.keyFile);
  syncDirectory(dirname(config.keyFile));
  const marker = await openFileMarker(target, votingSigner.publicKey);
  await marker.write(state);
  await marker.close();
  rmSync(layout.marker);
  syncDirectory(from);
}

function problem(field: string, what: string): ConfigError {
  return new ConfigError([{ field, problem: what }]);
}
