import { expect, test } from 'vitest';
import { withFinalizedHeight } from './finality.ts';

const ask = (method: string, params: unknown) => ({ jsonrpc: '2.0', id: 7, method, params });

test.each([
  ['eth_getBlockByNumber', ['finalized', false], ['0x1f', false]],
  ['eth_getBlockByNumber', ['safe', true], ['0x1f', true]],
  ['eth_call', [{ to: '0x01', data: '0x' }, 'finalized'], [{ to: '0x01', data: '0x' }, '0x1f']],
  ['eth_getLogs', [{ fromBlock: '0x1', toBlock: 'finalized' }], [{ fromBlock: '0x1', toBlock: '0x1f' }]],
])('%s %j asks for the last durable block', (method, params, expected) => {
  expect(withFinalizedHeight(ask(method, params), 31n)).toEqual(ask(method, expected));
});

test.each([
  ['eth_getBlockByNumber', ['latest', false]],
  ['eth_sendRawTransaction', ['0x76']],
  ['eth_chainId', []],
  ['eth_call', { odd: 'finalized' }],
])('%s %j stays as it is', (method, params) => {
  expect(withFinalizedHeight(ask(method, params), 31n)).toEqual(ask(method, params));
});

test('each request of a batch is rewritten', () => {
  const batch = [ask('eth_chainId', []), ask('eth_getBlockByNumber', ['finalized', false])];
  expect(withFinalizedHeight(batch, 0n)).toEqual([batch[0], ask('eth_getBlockByNumber', ['0x0', false])]);
});

test.each([undefined, null, 'text', 3])('%j is handed on', (value) => {
  expect(withFinalizedHeight(value, 1n)).toBe(value);
});
