import { writeSync } from 'node:fs';
import type { Kv } from '../kv.ts';
import { openLmdbKv } from '../lmdb.ts';
import { nextBatch, numberedBatch } from './numbered-batches.ts';

/**
 * A process of its own for the tests of the LMDB store. Arguments: directory, and what to do:
 * `hold` opens the store and stays; `count` writes numbered batches, as many as the third argument says or without end,
 * and prints each number that is durable; `fill` writes until the disk refuses and prints how it learns of it.
 */
const [directory = '', what = '', batches = 'Infinity'] = process.argv.slice(2);

/** Straight to the pipe: nothing may be lost in a buffer when the process is killed. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

async function count(kv: Kv): Promise<void> {
  let next = nextBatch(kv);
  const writer = async () => {
    for (let index = next++; index < Number(batches); index = next++) {
      await kv.write(numberedBatch(index));
      say(String(index));
    }
  };
  await Promise.all(Array.from({ length: 16 }, writer));
  await kv.close();
}

async function fill(kv: Kv): Promise<void> {
  for (let index = 0; ; index++) {
    try {
      await kv.write(numberedBatch(index));
    } catch (error) {
      const { message, cause } = error as Error;
      say(`rejected after ${index}: ${message}: ${cause instanceof Error ? cause.message : cause}`);
      await kv.write(numberedBatch(index)).catch(() => say('rejects ever after'));
      await kv.close();
      say('closed');
      return;
    }
  }
}

const kv = await openLmdbKv({ directory });
say('open');
if (what === 'hold') setInterval(() => {}, 1_000);
if (what === 'count') await count(kv);
if (what === 'fill') await fill(kv);
