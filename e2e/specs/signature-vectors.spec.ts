import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { build } from 'vite';
import type * as Page from '../browser/answer-vectors.ts';

/** The browser's engine in a real browser, against every vector file. Needs no devnet. */

const directory = new URL('../../packages/protocol/vectors/signed/', import.meta.url);
/** A secure context, as WebCrypto demands; nobody listens there. */
const PAGE = 'http://localhost/';

async function bundle(): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      lib: {
        entry: fileURLToPath(new URL('../browser/answer-vectors.ts', import.meta.url)),
        formats: ['iife'],
        name: 'vectors',
      },
    },
  });
  const [first] = Array.isArray(output) ? output : [output];
  const chunks = first && 'output' in first ? first.output.filter((file) => file.type === 'chunk') : [];
  const [chunk, ...others] = chunks;
  if (!chunk || others.length > 0) throw new Error('the bundle is not one file');
  return chunk.code;
}

test('the browser answers every signature vector right, with WebCrypto and without', async ({ page }) => {
  const contents = Object.fromEntries(
    readdirSync(directory).map((file) => [file, JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as unknown]),
  );
  await page.route(PAGE, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Vectors</title>' }),
  );
  await page.goto(PAGE);
  expect(await page.evaluate(() => isSecureContext)).toBe(true);
  await page.addScriptTag({ content: await bundle() });

  const { files, webCryptoCalls } = await page.evaluate(
    (given) => (globalThis as unknown as { readonly vectors: typeof Page }).vectors.answerAll(given),
    contents,
  );
  expect(files.length).toBe(2 * Object.keys(contents).length);
  expect(files.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
  expect(files.filter(({ cases }) => cases === 0)).toEqual([]);
  // It was the browser that answered, not JavaScript in its place.
  expect(webCryptoCalls.Ed25519).toBeGreaterThan(10);
  expect(webCryptoCalls.ECDSA).toBeGreaterThan(20);

  const bare = await page.evaluate(
    (given) => (globalThis as unknown as { readonly vectors: typeof Page }).vectors.takenByBareWebCrypto(given),
    contents['ed25519-matrix.json'],
  );
  expect(bare, 'signatures of the matrix that WebCrypto alone takes').toBeGreaterThan(0);
  const total = files.reduce((sum, { cases }) => sum + cases, 0);
  const calls = `WebCrypto verified ${webCryptoCalls.Ed25519} Ed25519 and ${webCryptoCalls.ECDSA} P-256 signatures`;
  const description = `${total} answers, none wrong; ${calls}; alone it would take ${bare} of the matrix that are invalid`;
  test.info().annotations.push({ type: 'vectors', description });
});
