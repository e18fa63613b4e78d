import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, it } from 'vitest';

/** What a wallet loads with its first screen. */
const MAX_ENTRY_BYTES = 12_000;
/** What it loads besides when it first signs a transaction. */
const MAX_SIGNING_BYTES = 40_000;

it('gives browsers little, the encoder of transactions only when needed, and nothing of Node or the bytecode', async () => {
  const output = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      // As an entry of an application: library mode keeps white space.
      rolldownOptions: {
        input: fileURLToPath(new URL('./browser.ts', import.meta.url)),
        preserveEntrySignatures: 'strict',
      },
    },
  });
  const files = (Array.isArray(output) ? output : [output]).flatMap((each) => ('output' in each ? each.output : []));
  const chunks = files.filter((file) => file.type === 'chunk');
  expect(chunks.length).toBe(files.length);
  const modules = chunks.flatMap((chunk) => Object.keys(chunk.modules));
  expect(modules.filter((id) => /node_modules\/viem\/|src\/gen\/|^node:|__vite-browser-external/.test(id))).toEqual([]);

  const size = (chunk: (typeof chunks)[number]) => gzipSync(chunk.code).length;
  const entry = chunks.filter((chunk) => chunk.isEntry);
  expect(entry.map(size)).toEqual([expect.any(Number)]);
  const eager = chunks.filter((chunk) => chunk.isEntry || entry[0]?.imports.includes(chunk.fileName));
  expect(eager.map(size).reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(MAX_ENTRY_BYTES);
  const lazy = chunks.filter((chunk) => !eager.includes(chunk));
  expect(lazy.map(size).reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(MAX_SIGNING_BYTES);
  expect(eager.flatMap((chunk) => Object.keys(chunk.modules)).filter((id) => id.includes('node_modules/ox/'))).toEqual(
    [],
  );
});
