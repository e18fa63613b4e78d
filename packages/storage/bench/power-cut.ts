import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openLmdbKv } from '../src/lmdb.ts';
import { countWholeBatches } from '../src/testing/numbered-batches.ts';
import { readTrace, TRACED_CALLS } from './trace.ts';

/**
 * Cuts the power of the LMDB store at many moments, and checks that every batch that was reported durable is there
 * and no middle is missing. A writer runs under strace; afterwards, for each moment, a disk is built that holds what
 * fdatasync and O_DSYNC had promised by then, and of everything newer any mixture of 512-byte sectors.
 */
const { values } = parseArgs({
  options: {
    cuts: { type: 'string', default: '400' },
    batches: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
  },
});

const PAGE = 4_096;
const SECTOR = 512;

/** mulberry32: a small generator, so that a seed repeats a run's choices. */
function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** A file on a disk with a volatile cache: per page, what is safe and every newer state that may or may not be. */
function createDisk() {
  const pages = new Map<number, { safe: Buffer; newer: Buffer[] }>();

  function pageAt(number: number) {
    const page = pages.get(number) ?? { safe: Buffer.alloc(PAGE), newer: [] };
    pages.set(number, page);
    return page;
  }

  function makeSafe(page: { safe: Buffer; newer: Buffer[] }): void {
    page.safe = page.newer.at(-1) ?? page.safe;
    page.newer = [];
  }

  return {
    write(offset: number, bytes: Buffer, isSynchronous: boolean): void {
      for (let at = 0; at < bytes.length; ) {
        const page = pageAt(Math.floor((offset + at) / PAGE));
        const within = (offset + at) % PAGE;
        const state = Buffer.from(page.newer.at(-1) ?? page.safe);
        at += bytes.copy(state, within, at);
        page.newer.push(state);
        if (isSynchronous) makeSafe(page);
      }
    },
    sync: () => pages.forEach(makeSafe),
    afterPowerCut(random: (below: number) => number): Buffer {
      const image = Buffer.alloc(PAGE * (Math.max(-1, ...pages.keys()) + 1));
      for (const [number, { safe, newer }] of pages) {
        const states = [safe, ...newer];
        for (let sector = 0; sector < PAGE; sector += SECTOR) {
          const state = states[random(states.length)] as Buffer;
          state.copy(image, number * PAGE + sector, sector, sector + SECTOR);
        }
      }
      return image;
    },
  };
}

const scratch = await realpath(await mkdtemp(join(tmpdir(), 'fastpay-power-')));
try {
  if (spawnSync('strace', ['-V']).status !== 0) throw new Error('this check needs strace (Linux)');
  const directory = join(scratch, 'store');
  const tracePath = join(scratch, 'trace');
  const program = fileURLToPath(new URL('../src/testing/kv-process.ts', import.meta.url));
  const traced = ['-f', '-xx', '-y', '-s', '10000000', '-e', `trace=${TRACED_CALLS}`, '-o', tracePath];
  const writer = [process.execPath, program, directory, 'count', values.batches];
  const { status } = spawnSync('strace', [...traced, ...writer], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`the writer ended with status ${status}`);
  const events = readTrace(await readFile(tracePath, 'utf8'), join(directory, 'data.mdb'));

  const random = createRandom(Number(values.seed));
  const isLine = (text: string) => /^\d+$/.test(text);
  const first = events.findIndex((event) => event.type === 'line' && isLine(event.text));
  if (first < 0) throw new Error('the writer reported nothing');
  // The reports of one commit come in a row: only the last of them is a moment of its own.
  const moments = [...events.keys()]
    .slice(first)
    .filter((index) => events[index]?.type !== 'line' || events[index + 1]?.type !== 'line');
  const cuts = new Set(Array.from({ length: Number(values.cuts) }, () => moments[random(moments.length)]));
  const disk = createDisk();
  let durable = 0;
  let checked = 0;
  let beyond = 0;
  for (const [index, event] of events.entries()) {
    if (event.type === 'write') disk.write(event.offset, event.bytes, event.isSynchronous);
    if (event.type === 'sync') disk.sync();
    if (event.type === 'line' && isLine(event.text)) durable = Math.max(durable, Number(event.text) + 1);
    if (!cuts.has(index)) continue;
    const found = join(scratch, `cut-${index}`);
    await mkdir(found);
    await writeFile(join(found, 'data.mdb'), disk.afterPowerCut(random));
    const kv = await openLmdbKv({ directory: found });
    const count = countWholeBatches(kv);
    await kv.close();
    await rm(found, { recursive: true });
    if (count < durable) throw new Error(`cut at event ${index}: ${durable} batches were reported, ${count} are there`);
    if (count > durable) beyond++;
    checked++;
  }
  const syncs = events.filter((event) => event.type === 'sync').length;
  process.stdout.write(
    `${checked} power cuts over ${durable} batches in ${syncs} commits (seed ${values.seed}): ` +
      `every reported batch was there, none from the middle missing; ${beyond} times more than was reported\n`,
  );
} finally {
  await rm(scratch, { recursive: true });
}
