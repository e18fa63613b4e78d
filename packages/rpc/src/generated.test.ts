import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const packageDirectory = join(import.meta.dirname, '..');
const binaries = join(packageDirectory, '../../node_modules/.bin');
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fastpay-rpc-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function filesUnder(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map(async (file) => [file.slice(root.length), await readFile(file, 'utf8')]));
  return Object.fromEntries(texts);
}

/** buf finds its plugin on the PATH, as it does under `npm run`. */
const buf = (...parameters: string[]) =>
  run(process.execPath, [join(binaries, 'buf'), ...parameters], {
    cwd: packageDirectory,
    env: { ...process.env, PATH: `${binaries}:${process.env.PATH}` },
  });

test('src/gen is what the .proto files generate', async () => {
  await buf('generate', '--output', directory);
  expect(await filesUnder(join(directory, 'src/gen'))).toEqual(await filesUnder(join(packageDirectory, 'src/gen')));
});

test('the .proto files pass the linter', async () => {
  await expect(buf('lint')).resolves.toMatchObject({ stdout: '' });
});

test('the generated code is erasable: Node runs it by stripping its types', async () => {
  const { stdout } = await run(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { ValidatorService, RelayService } from ${JSON.stringify(join(packageDirectory, 'src/index.ts'))};
     console.log(ValidatorService.typeName, RelayService.typeName)`,
  ]);
  expect(stdout.trim()).toBe('fastpay.v1.ValidatorService fastpay.v1.RelayService');
});
