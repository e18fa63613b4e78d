import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashWalletSources } from './source-hash.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fastpay-hash-'));
  for (const folder of [
    'apps/wallet/src',
    'public',
    ...['protocol', 'crypto', 'rpc', 'vault', 'tempo', 'client'].map((name) => `packages/${name}`),
  ]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const file of ['vite.config.ts', 'package-lock.json', 'apps/wallet/src/main.tsx'])
    writeFileSync(join(root, file), file);
});
afterEach(() => rmSync(root, { recursive: true }));

test('a changed, renamed or added source changes the hash', () => {
  const hashes = new Set([hashWalletSources(root)]);
  writeFileSync(join(root, 'apps/wallet/src/main.tsx'), 'changed');
  hashes.add(hashWalletSources(root));
  renameSync(join(root, 'apps/wallet/src/main.tsx'), join(root, 'apps/wallet/src/index.tsx'));
  hashes.add(hashWalletSources(root));
  writeFileSync(join(root, 'packages/client/new.ts'), '');
  hashes.add(hashWalletSources(root));
  expect(hashes.size).toBe(4);
});

test('time stamps, tests, documents and installed packages do not', () => {
  const before = hashWalletSources(root);
  utimesSync(join(root, 'vite.config.ts'), 1, 1);
  writeFileSync(join(root, 'apps/wallet/src/main.test.tsx'), '');
  writeFileSync(join(root, 'apps/wallet/README.md'), '');
  mkdirSync(join(root, 'packages/client/node_modules'));
  cpSync(join(root, 'vite.config.ts'), join(root, 'packages/client/node_modules/x.ts'));
  expect(hashWalletSources(root)).toBe(before);
});
