import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../config/error.ts';
import { readJsonFile } from '../config/read-json.ts';

/** Where things lie in the directory that carries a validator's whole state from one machine to another. */
export function bundleLayout(directory: string) {
  return {
    /** Written once the copies are whole and durable; whoever takes it from this name may import. */
    manifest: join(directory, 'export.json'),
    /** The manifest, once the import of that id has taken the bundle. */
    taken: (id: string) => join(directory, `imported-${id}.json`),
    store: join(directory, 'store'),
    keys: join(directory, 'keys.json'),
    /** Written last, once what stays behind is retired: without it nobody may import. */
    marker: join(directory, 'keys.json.marker'),
  };
}

const manifestSchema = z.strictObject({
  /** Of this copy: another one of the same store has another. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  name: z.string(),
  storeId: z.string().regex(/^0x[0-9a-f]{32}$/),
  /** Of the marker that the copy was made at. */
  count: z.string().regex(/^\d{1,20}$/),
});

export type BundleManifest = z.output<typeof manifestSchema>;

/** @throws ConfigError when the directory holds no whole copy. */
export function readManifest(directory: string, file = bundleLayout(directory).manifest): BundleManifest {
  const read = readJsonFile(file);
  const parsed = 'json' in read ? manifestSchema.safeParse(read.json) : undefined;
  if (parsed?.success) return parsed.data;
  throw new ConfigError([
    {
      field: file,
      problem: 'holds no whole copy of a validator',
      fix: 'run export-state on the old machine to its end',
    },
  ]);
}

/** Appears whole or not at all. */
export function writeManifest(directory: string, manifest: BundleManifest): void {
  const { manifest: file } = bundleLayout(directory);
  writeFileSync(`${file}.new`, `${JSON.stringify(manifest)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  syncDirectory(directory);
}

/**
 * Takes the right to import the bundle away from everybody but the import of this id; durable when it returns. Of two
 * at the same time one succeeds, also where both see the same directory.
 */
export function takeBundle(directory: string, id: string): void {
  const { manifest, taken } = bundleLayout(directory);
  renameSync(manifest, taken(id));
  syncDirectory(directory);
}

/** Whether some import has taken the bundle. */
export function isTaken(directory: string): boolean {
  return existsSync(directory) && readdirSync(directory).some((name) => /^imported-[0-9a-f]{32}\.json$/.test(name));
}

/** Locks and tables of readers, which belong to the processes of one machine. */
const LEFT_OUT: ReadonlySet<string> = new Set(['lock.mdb', 'owner.lock']);

/** Copies the files of a store that nobody writes to; durable when it returns. */
export function copyStore(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isFile() && !LEFT_OUT.has(entry.name)) copyDurably(join(from, entry.name), join(to, entry.name));
  }
  syncDirectory(to);
}

/** Copies one file, for its owner's eyes only. */
export function copyDurably(from: string, to: string): void {
  copyFileSync(from, to);
  const descriptor = openSync(to, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** @throws ConfigError when something is there already: nothing of another validator may be overwritten. */
export function assertAbsent(field: string, path: string): void {
  const isEmptyDirectory = () => {
    try {
      return readdirSync(path).length === 0;
    } catch {
      return false;
    }
  };
  if (!existsSync(path) || isEmptyDirectory()) return;
  throw new ConfigError([{ field: `${field} ${path}`, problem: 'exists already and is not overwritten' }]);
}
