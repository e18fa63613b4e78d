import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeJsonFile } from '../state/json-file.ts';
import { type StateLayout, stateLayout } from '../state/layout.ts';
import { assertSameContract, recordContract } from './contract.ts';

let layout: StateLayout;
beforeEach(() => {
  layout = stateLayout(mkdtempSync(join(tmpdir(), 'fastpay-contract-')));
});
afterEach(() => rmSync(layout.directory, { recursive: true }));

test('a network goes on with the contract that it was made with', () => {
  recordContract(layout);
  expect(() => assertSameContract(layout)).not.toThrow();
});

test.each([
  ['another contract', { codeHash: '00'.repeat(32) }],
  ['who knows what', []],
])('a network made with %s is not started, and the way on is named', (_, content) => {
  writeJsonFile(layout.contract, content);
  expect(() => assertSameContract(layout)).toThrow(/another version of the reserve contract.*npm start -- --fresh/s);
});

test('nor is one that was made before this was recorded', () => {
  expect(() => assertSameContract(layout)).toThrow('npm start -- --fresh');
});
