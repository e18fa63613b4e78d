import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceFile } from './replace-file.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fastpay-replace-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('puts a whole file in the place of another, for its owner alone', async () => {
  const file = join(directory, 'marker');
  await writeFile(file, 'something longer than what follows', { mode: 0o644 });
  await replaceFile(file, 'new');
  expect(await readFile(file, 'utf8')).toBe('new');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual(['marker']);
});

it('begins anew over what an interrupted replacement left', async () => {
  const file = join(directory, 'marker');
  await writeFile(`${file}.new`, 'half of something much longer');
  await replaceFile(file, new Uint8Array([1, 2]));
  expect([...(await readFile(file))]).toEqual([1, 2]);
  expect(await readdir(directory)).toEqual(['marker']);
});

it('leaves the old file where the new one cannot be written', async () => {
  const file = join(directory, 'none', 'marker');
  await expect(replaceFile(file, 'new')).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await readdir(directory)).toEqual([]);
});
