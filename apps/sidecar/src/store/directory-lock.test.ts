import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockDirectory } from './directory-lock.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

it('is held by one at a time, whatever path leads to the directory', async () => {
  const link = join(directory, 'link');
  const store = join(directory, 'store');
  mkdirSync(store);
  symlinkSync(store, link);
  const lock = await lockDirectory(store);
  await expect(lockDirectory(store)).rejects.toThrow('another sidecar works on it');
  await expect(lockDirectory(link)).rejects.toThrow('another sidecar works on it');
  await lock.release();
  const again = await lockDirectory(link);
  await again.release();
});

it('keeps directories apart', async () => {
  const [one, two] = [join(directory, 'one'), join(directory, 'two')];
  mkdirSync(one);
  mkdirSync(two);
  const locks = await Promise.all([lockDirectory(one), lockDirectory(two)]);
  for (const lock of locks) await lock.release();
});
