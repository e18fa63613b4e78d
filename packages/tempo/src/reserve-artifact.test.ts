import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compileReserve } from '../scripts/compile.ts';
import { renderReserve } from '../scripts/render-reserve.ts';
import { outcomes } from './reserve-events.ts';

const compiled = compileReserve();
const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

it('carries exactly what the Solidity sources compile to (`npm run generate` brings it up to date)', () => {
  expect(renderReserve(compiled) === read('./gen/reserve.ts')).toBe(true);
});

it('names the outcomes of a batch in the order of the contract', () => {
  const members = read('../contracts/Outcome.sol').matchAll(/^uint256 constant (\w+) = (\d+);$/gm);
  expect([...members].map(([, name, code]) => ({ name, code: Number(code) }))).toEqual(
    outcomes.map((name, code) => ({ name, code })),
  );
});

it('has nothing by which anyone could own, stop or change the contract', () => {
  const { abi } = compiled;
  const writing = abi.filter((entry) => 'stateMutability' in entry && entry.stateMutability === 'nonpayable');
  expect(writing.map(({ type, name }) => name ?? type).toSorted()).toEqual([
    'cancelExit',
    'constructor',
    'deposit',
    'exit',
    'release',
    'requestExit',
    'rotate',
    'settle',
    'settleAttested',
  ]);
  expect(abi.filter((entry) => 'stateMutability' in entry && entry.stateMutability === 'payable')).toEqual([]);
});
