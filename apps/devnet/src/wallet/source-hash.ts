import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the built wallet depends on. */
const inputs = [
  'apps/wallet',
  'public',
  'packages/protocol',
  'packages/crypto',
  'packages/rpc',
  'packages/vault',
  'packages/tempo',
  'packages/client',
  'vite.config.ts',
  'package-lock.json',
];

const isIgnored = (name: string) => name === 'node_modules' || name === 'dist' || /\.test\.tsx?$|\.md$/.test(name);

/** Changes when any file changes that a build reads; renames count, time stamps do not. */
export function hashWalletSources(repositoryRoot: string): string {
  const hash = createHash('sha256');
  const add = (path: string) => {
    const full = join(repositoryRoot, path);
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).toSorted()) if (!isIgnored(name)) add(join(path, name));
      return;
    }
    hash.update(`${path}\0`).update(createHash('sha256').update(readFileSync(full)).digest());
  };
  for (const input of inputs) add(input);
  return hash.digest('hex');
}
