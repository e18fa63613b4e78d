import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHash } from '@fastpay/protocol';
import { markerContract } from '@fastpay/storage/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../config/error.ts';
import { type FileMarker, openFileMarker } from './file-marker.ts';

const votingKey = toHash(`0x${'4b'.repeat(32)}`);
const state = (count: bigint) => ({ storeId: new Uint8Array(16).fill(5), count, isRetired: false });
let directory: string;
let files = 0;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-marker-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const opened: FileMarker[] = [];
afterEach(async () => {
  for (const marker of opened.splice(0)) await marker.close();
});

async function openMarker(file: string): Promise<FileMarker> {
  const marker = await openFileMarker(file, votingKey);
  opened.push(marker);
  return marker;
}

const newFile = () => join(directory, `${files++}.marker`);

markerContract('a file', async () => {
  const file = newFile();
  return { marker: await openMarker(file), reopen: () => openMarker(file) };
});

describe('a write that is cut off', () => {
  it.each([1, 2, 3])('leaves the state before or after it, at every byte of write %i', async (writes) => {
    const file = newFile();
    const marker = await openMarker(file);
    for (let count = 1; count < writes; count++) await marker.write(state(BigInt(count)));
    const before = { bytes: readFileSync(file), state: marker.read() };
    await marker.write(state(100n));
    const after = { bytes: readFileSync(file), state: marker.read() };
    const seen = new Set<unknown>();
    for (let cut = 0; cut <= after.bytes.length; cut += cut > 200 && cut < 4_090 ? 64 : 1) {
      const torn = Buffer.concat([after.bytes.subarray(0, cut), before.bytes.subarray(cut)]);
      const copy = join(directory, 'torn.marker');
      writeFileSync(copy, torn);
      const reopened = await openFileMarker(copy, votingKey);
      const found = reopened.read();
      await reopened.close();
      expect([before.state, after.state]).toContainEqual(found);
      seen.add(found?.count);
    }
    expect(seen.size).toBe(2);
  });
});

describe('a file that cannot be trusted is refused', () => {
  it('because it belongs to other keys', async () => {
    const file = newFile();
    await (await openMarker(file)).write(state(1n));
    const refused = openFileMarker(file, toHash(`0x${'4c'.repeat(32)}`));
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow('belongs to other keys');
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['full of zeros', Buffer.alloc(8_192)],
    ['something else', Buffer.from('hello'.repeat(2_000))],
  ])('because it is %s', async (_, content) => {
    const file = newFile();
    writeFileSync(file, content);
    await expect(openFileMarker(file, votingKey)).rejects.toThrow('is damaged');
  });

  it('because it is in no directory', async () => {
    const refused = openFileMarker(join(directory, 'none', 'x.marker'), votingKey);
    await expect(refused).rejects.toThrow('cannot be used (ENOENT)');
  });
});
