import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clearState, openStateDirectory } from './directory.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { acquireLock } from './lock.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-state-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('state directory', () => {
  test('is made when it is absent and opened again when it is ours', () => {
    const path = join(directory, 'a/b');
    expect(openStateDirectory(path).directory).toBe(path);
    expect(openStateDirectory(path).network).toBe(join(path, 'network.json'));
  });

  test('of somebody else is refused and left alone', () => {
    writeFileSync(join(directory, 'thesis.txt'), 'years of work');
    expect(() => openStateDirectory(directory)).toThrow('holds files that are not a devnet');
    expect(readdirSync(directory)).toEqual(['thesis.txt']);
  });

  test('is cleared of everything but what marks it as ours', () => {
    const layout = openStateDirectory(directory);
    const release = acquireLock(layout.lock, directory);
    mkdirSync(layout.logs);
    writeJsonFile(layout.network, {});
    expect(clearState(layout).toSorted()).toEqual(['logs', 'network.json']);
    expect(readdirSync(directory).toSorted()).toEqual(['fastpay-devnet', 'lock']);
    release();
  });
});

describe('lock', () => {
  test.runIf(process.platform === 'linux')('of a launcher that runs is respected and named', async () => {
    const lock = join(directory, 'lock');
    const idle = 'setInterval(() => {}, 1000)';
    const launcher = spawn(process.execPath, ['--eval', idle, 'apps/devnet/src/main.ts']);
    const stranger = spawn(process.execPath, ['--eval', idle, 'something else']);
    try {
      await Promise.all([once(launcher, 'spawn'), once(stranger, 'spawn')]);
      writeFileSync(lock, `${launcher.pid}\n`);
      expect(() => acquireLock(lock, directory)).toThrow(`process ${launcher.pid}`);
      // Process ids are used again: a lock that names a stranger is stale.
      writeFileSync(lock, `${stranger.pid}\n`);
      acquireLock(lock, directory)();
    } finally {
      launcher.kill('SIGKILL');
      stranger.kill('SIGKILL');
    }
  });

  test('of a process that is gone is taken over, and given back once', () => {
    const lock = join(directory, 'lock');
    writeFileSync(lock, '999999999\n');
    const release = acquireLock(lock, directory);
    expect(existsSync(lock)).toBe(true);
    release();
    expect(existsSync(lock)).toBe(false);
    release();
  });
});

describe('JSON files', () => {
  test('come back as they were written; an absent one is undefined', () => {
    const path = join(directory, 'x/y.json');
    expect(readJsonFile(path)).toBeUndefined();
    writeJsonFile(path, { a: [1] });
    expect(readJsonFile(path)).toEqual({ a: [1] });
  });

  test('that are damaged are named with the way out', () => {
    const path = join(directory, 'y.json');
    writeFileSync(path, '{"a":');
    expect(() => readJsonFile(path)).toThrow(/y\.json is damaged .*--fresh/s);
  });
});
