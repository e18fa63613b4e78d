import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPositions } from './positions.ts';
import { BEGINNING } from './pull.ts';

const storeId = new Uint8Array(16).fill(1);
const position = { storeId: new Uint8Array(16).fill(2), cursor: 77n };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-positions-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function saved(): Promise<void> {
  const positions = openPositions({ directory, storeId }, { slotsResolved: () => 5n });
  positions.move(3, position);
  await positions.save();
}

it('are found again by the same store', async () => {
  await saved();
  const positions = openPositions({ directory, storeId }, { slotsResolved: () => 6n });
  expect(positions.of(3)).toEqual(position);
  expect(positions.of(2)).toEqual(BEGINNING);
});

it('are dropped for another store, and for one that knows less than when they were written', async () => {
  await saved();
  const other = new Uint8Array(16).fill(8);
  expect(openPositions({ directory, storeId: other }, { slotsResolved: () => 5n }).of(3)).toEqual(BEGINNING);
  expect(openPositions({ directory, storeId }, { slotsResolved: () => 4n }).of(3)).toEqual(BEGINNING);
});

it.each(['', '{', '{}', '{"storeId":7}', 'x'.repeat(100_000)])(
  'are dropped when the file is damaged: %.10s',
  async (text) => {
    await saved();
    writeFileSync(join(directory, 'peers.json'), text);
    expect(openPositions({ directory, storeId }, { slotsResolved: () => 5n }).of(3)).toEqual(BEGINNING);
  },
);
