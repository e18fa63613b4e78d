import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPositions } from './positions.ts';
import { BEGINNING } from './pull.ts';

const storeId = new Uint8Array(16).fill(1);
const position = { storeId: new Uint8Array(16).fill(2), cursor: 77n };
let directory: string;
let failures: unknown[];

const at = (slotsResolved: bigint) => ({
  slotsResolved: () => slotsResolved,
  onFailure: (error: unknown) => failures.push(error),
});

beforeEach(() => {
  failures = [];
  directory = mkdtempSync(join(tmpdir(), 'fastpay-positions-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function saved(): Promise<void> {
  const positions = openPositions({ directory, storeId }, at(5n));
  positions.move(3, position);
  await positions.save();
}

it('are found again by the same store', async () => {
  await saved();
  const positions = openPositions({ directory, storeId }, at(6n));
  expect(positions.of(3)).toEqual(position);
  expect(positions.of(2)).toEqual(BEGINNING);
});

it('are dropped for another store, and for one that knows less than when they were written', async () => {
  await saved();
  const other = new Uint8Array(16).fill(8);
  expect(openPositions({ directory, storeId: other }, at(5n)).of(3)).toEqual(BEGINNING);
  expect(openPositions({ directory, storeId }, at(4n)).of(3)).toEqual(BEGINNING);
});

it.each(['', '{', '{}', '{"storeId":7}', 'x'.repeat(100_000)])(
  'are dropped when the file is damaged: %.10s',
  async (text) => {
    await saved();
    writeFileSync(join(directory, 'peers.json'), text);
    expect(openPositions({ directory, storeId }, at(5n)).of(3)).toEqual(BEGINNING);
  },
);

it('are no reason to stop when they cannot be written, and are written the next time', async () => {
  const positions = openPositions({ directory, storeId }, at(5n));
  positions.move(3, position);
  rmSync(directory, { recursive: true });
  await positions.save();
  expect(failures).toHaveLength(1);
  mkdirSync(directory);
  await positions.save();
  expect(openPositions({ directory, storeId }, at(5n)).of(3)).toEqual(position);
});
