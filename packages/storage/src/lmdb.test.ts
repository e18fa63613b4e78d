import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { openLmdbKv, StoreLockedError } from './lmdb.ts';
import { countWholeBatches } from './testing/numbered-batches.ts';
import { dump, kvContract } from './testing.fixtures.ts';

const scratch: string[] = [];
const children: ChildProcess[] = [];

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'fastpay-lmdb-'));
  scratch.push(directory);
  return directory;
}

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(scratch.splice(0).map((directory) => rm(directory, { recursive: true })));
});

const program = fileURLToPath(new URL('./testing/kv-process.ts', import.meta.url));

/** Runs the store in a process of its own; `maxFileBlocks` makes its disk full (blocks of 512 bytes a file). */
function startProcess(directory: string, what: string, maxFileBlocks?: number) {
  const command = [process.execPath, program, directory, what];
  const limited = ['/bin/sh', '-c', `ulimit -f ${maxFileBlocks ?? 0}; exec "$@"`, 'sh', ...command];
  const [file = '', ...args] = maxFileBlocks === undefined ? command : limited;
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const lines: string[] = [];
  let complaints = '';
  child.stderr?.on('data', (data) => {
    complaints += data;
  });
  const reader = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  reader.on('line', (line) => lines.push(line));
  const ended = once(reader, 'close');
  return {
    lines,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    ended: async () => {
      await ended;
      return lines;
    },
    said: async (count: number) => {
      while (lines.length < count) {
        const next = await Promise.race([once(reader, 'line'), ended.then(() => 'ended')]);
        if (next === 'ended' && lines.length < count) throw new Error(`the process ended early: ${complaints}`);
      }
    },
  };
}

kvContract('the LMDB store', async () => openLmdbKv({ directory: await newDirectory() }));

test('what was durable is there after a restart', async () => {
  const directory = await newDirectory();
  const first = await openLmdbKv({ directory });
  await first.write([{ type: 'put', key: Uint8Array.of(1), value: Uint8Array.of(2) }]);
  await first.close();
  const second = await openLmdbKv({ directory });
  expect(dump(second)).toEqual([[Uint8Array.of(1), Uint8Array.of(2)]]);
  await second.close();
});

test('a store that is closed without waiting has everything written before', async () => {
  const directory = await newDirectory();
  const first = await openLmdbKv({ directory });
  const written = first.write([{ type: 'put', key: Uint8Array.of(1), value: Uint8Array.of(2) }]);
  await first.close();
  await written;
  const second = await openLmdbKv({ directory });
  expect(second.get(Uint8Array.of(1))).toEqual(Uint8Array.of(2));
  await second.close();
});

test('makes its directory, for its owner only', async () => {
  const directory = join(await newDirectory(), 'a', 'store.d');
  const kv = await openLmdbKv({ directory });
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect((await stat(join(directory, 'data.mdb'))).mode & 0o777).toBe(0o600);
  await kv.close();
});

test('an unwritable place is a clear refusal', async () => {
  await expect(openLmdbKv({ directory: join(program, 'below-a-file') })).rejects.toThrow('ENOTDIR');
});

test('a second opening is refused, in this process and in another, until the first is closed', async () => {
  const directory = await newDirectory();
  const first = await openLmdbKv({ directory });
  await expect(openLmdbKv({ directory })).rejects.toThrow(StoreLockedError);
  const other = startProcess(directory, 'hold');
  await expect(other.said(1)).rejects.toThrow('is open in another process');
  await first.write([{ type: 'put', key: Uint8Array.of(1), value: Uint8Array.of(2) }]);
  await first.close();
  const second = await openLmdbKv({ directory });
  await second.close();
});

test('a killed owner leaves no lock behind', async () => {
  const directory = await newDirectory();
  const owner = startProcess(directory, 'hold');
  await owner.said(1);
  await expect(openLmdbKv({ directory })).rejects.toThrow(StoreLockedError);
  await owner.kill();
  const kv = await openLmdbKv({ directory });
  await kv.close();
});

test('SIGKILL loses nothing that was reported durable, and nothing from the middle', async () => {
  const directory = await newDirectory();
  let before = 0;
  for (const reports of [40, 200, 500]) {
    const writer = startProcess(directory, 'count');
    await writer.said(1 + reports);
    await writer.kill();
    const reported = writer.lines.slice(1).map(Number);
    const kv = await openLmdbKv({ directory });
    const count = countWholeBatches(kv);
    await kv.close();
    expect(Math.max(...reported)).toBeLessThan(count);
    expect(Math.min(...reported)).toBe(before);
    before = count;
  }
});

test('a disk that takes no more is a rejection, and the end of the store', async () => {
  const directory = await newDirectory();
  const writer = startProcess(directory, 'fill', 512);
  const lines = await writer.ended();
  expect(lines).toEqual([
    'open',
    expect.stringMatching(/^rejected after [1-9]\d*: the store could not make a batch durable: /),
    'rejects ever after',
    'closed',
  ]);
  // What was durable before is still readable.
  const durable = Number(/after (\d+)/.exec(lines[1] ?? '')?.[1]);
  const kv = await openLmdbKv({ directory });
  expect(countWholeBatches(kv)).toBe(durable);
  await kv.close();
});
