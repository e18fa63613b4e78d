import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limitFileBytes } from './file-limit.ts';

const writer = `
  const fs = require('node:fs');
  const file = fs.openSync(process.argv[1], 'a');
  process.stdin.on('data', () => {
    try { fs.writeSync(file, Buffer.alloc(1000)); console.log('written'); }
    catch (error) { console.log(error.code); }
  });`;

test.runIf(process.platform === 'linux')('a limit fails writes of a running process until it is lifted', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'fastpay-limit-'));
  const child = spawn(process.execPath, ['--eval', writer, join(directory, 'file')]);
  try {
    const pid = child.pid ?? 0;
    const tryOnce = async () => {
      child.stdin.write('.');
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      return line.toString().trim();
    };
    expect(await tryOnce()).toBe('written');
    await limitFileBytes(pid, 1_500);
    // The part that fits is written, the rest fails.
    await tryOnce();
    expect(await tryOnce()).toBe('EFBIG');
    await limitFileBytes(pid, 0);
    expect(await tryOnce()).toBe('EFBIG');
    await limitFileBytes(pid, 'unlimited');
    expect(await tryOnce()).toBe('written');
  } finally {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true });
  }
  await limitFileBytes(child.pid ?? 0, 0);
});
