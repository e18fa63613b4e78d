import { existsSync, readFileSync } from 'node:fs';

/** `npm run size`: what a browser has to fetch, gzipped, read from the manifest that Vite wrote. */

const directory = 'dist/wallet';
const manifestFile = `${directory}/.vite/manifest.json`;
if (!existsSync(manifestFile)) throw new Error('the wallet is not built: npm run build');
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));

/** The chunk and everything that it imports statically. */
function withImports(name, found = new Set()) {
  const chunk = manifest[name];
  if (chunk === undefined) throw new Error(`the build has no ${name}`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports ?? []) withImports(imported, found);
  return found;
}

const filesOf = (...names) =>
  [...new Set(names.flatMap((name) => [...withImports(name)]))].map((file) => `${directory}/${file}`);

export default [
  { name: 'the page itself', path: filesOf('index.html'), limit: '150 kB', gzip: true },
  {
    name: 'until a demo account is open',
    path: filesOf(
      'index.html',
      'src/screens/welcome/Welcome.tsx',
      'src/platform/client.ts',
      // Whether the device has a wallet of its own, and the keys of Alice, Bob and Carol.
      'src/platform/vaultStore.ts',
      'src/platform/demo.ts',
      '../../packages/vault/src/derivation.ts',
    ),
    limit: '210 kB',
    gzip: true,
  },
];
