import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Network, PATH_USD } from '@fastpay/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readGenesis } from './genesis.ts';
import { alice, bob, network } from './testing.fixtures.ts';

const nowMs = Date.parse('2030-01-31T12:00:10Z');
const valid = {
  genesis: '2030-01-31T12:00:00Z',
  deposits: [
    { account: alice, asset: PATH_USD, amount: '100' },
    { account: bob, asset: PATH_USD, amount: '7' },
  ],
};

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-genesis-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function read(content: unknown, { of = network, blockTimeMs = 500 }: { of?: Network; blockTimeMs?: number } = {}) {
  const depositsFile = join(directory, 'deposits.json');
  writeFileSync(depositsFile, JSON.stringify(content));
  return readGenesis({ depositsFile, blockTimeMs }, { network: of, nowMs });
}

it('reads time and deposits in their order', () => {
  const { startMs, deposits } = read(valid);
  expect(startMs).toBe(nowMs - 10_000);
  expect(deposits.map(({ account, amount }) => [account.owner, amount])).toEqual([
    [alice, 100n],
    [bob, 7n],
  ]);
});

it('tells chains apart by everything that blocks follow from', () => {
  const salted = { ...network, domain: { ...network.domain, chainId: 31_338n } };
  const digests = [
    read(valid),
    read({ ...valid, genesis: '2030-01-31T12:00:01Z' }),
    read({ ...valid, deposits: valid.deposits.toReversed() }),
    read(valid, { blockTimeMs: 400 }),
    read(valid, { of: salted }),
  ].map(({ digest }) => digest);
  expect(new Set(digests).size).toBe(digests.length);
  expect(read({ ...valid, deposits: valid.deposits.map((each) => ({ ...each })) }).digest).toBe(digests[0]);
});

it.each(['testnet', 'mainnet'] as const)('is refused on %s', (kind) => {
  expect(() => read(valid, { of: { ...network, kind } })).toThrow(`refused for a manifest of kind ${kind}`);
});

it.each([
  [{ ...valid, genesis: 'now' }, 'genesis: expected a UTC time'],
  [{ ...valid, genesis: '2031-01-31T12:00:00Z' }, 'genesis: it is in the future'],
  [{ ...valid, genesis: '2020-01-31T12:00:00Z' }, 'begin a new chain'],
  [{ ...valid, deposits: [{ account: alice, asset: PATH_USD, amount: 5 }] }, 'deposits.0.amount: expected base units'],
  [
    { ...valid, deposits: [{ account: alice, asset: PATH_USD, amount: '0' }] },
    'deposits.0.amount: expected base units',
  ],
  [{ ...valid, deposits: [{ account: alice, asset: bob, amount: '5' }] }, 'deposits.0.asset: no asset of the manifest'],
  [
    { ...valid, deposits: [{ account: network.domain.reserve, asset: PATH_USD, amount: '5' }] },
    'deposits.0.account: it is the reserve',
  ],
  [
    { ...valid, deposits: [{ account: alice, asset: PATH_USD, amount: '18446744073709551616' }] },
    'more than 64 bits hold',
  ],
  [{ deposits: [] }, 'genesis: expected'],
  [[], 'file: '],
])('refuses %j', (content, expected) => {
  expect(() => read(content)).toThrow(expected);
});

it('says when there is no file', () => {
  const depositsFile = join(directory, 'none.json');
  expect(() => readGenesis({ depositsFile, blockTimeMs: 500 }, { network, nowMs })).toThrow('there is no such file');
});
