import { allowedReadMethods, TempoError } from '@fastpay/tempo';
import { describe, expect, test } from 'vitest';
import { relayLimits } from '../limits.ts';
import { createJsonRpcGateway, gatewayMethods } from './json-rpc-gateway.ts';

const address = `0x${'ab'.repeat(20)}`;
const hash = `0x${'cd'.repeat(32)}`;

function setup(answer: () => Promise<unknown> = () => Promise.resolve('0x1')) {
  const asked: unknown[] = [];
  const gateway = createJsonRpcGateway({
    node: {
      request: (method, params) => {
        asked.push([method, params]);
        return answer();
      },
    },
  });
  return { asked, ask: (method: string, params: readonly unknown[] = []) => gateway({ id: 1, method, params }) };
}

test('what a wallet asks passes unchanged, but for the gas that a read may use', async () => {
  const { ask, asked } = setup();
  const requests: [string, unknown[]][] = [
    ['eth_chainId', []],
    ['eth_getBlockByNumber', ['finalized', false]],
    ['eth_call', [{ to: address, data: '0x1234' }, 'latest']],
    ['eth_getTransactionCount', [address, 'pending']],
    ['eth_getTransactionReceipt', [hash]],
    ['eth_sendRawTransaction', ['0x76aa']],
  ];
  expect(requests.map(([method]) => method)).toEqual([...allowedReadMethods, 'eth_sendRawTransaction']);
  expect(gatewayMethods).toEqual(requests.map(([method]) => method));
  for (const [method, params] of requests) {
    expect(await ask(method, params)).toEqual({ jsonrpc: '2.0', id: 1, result: '0x1' });
  }
  const gas = `0x${relayLimits.tempoCallGas.toString(16)}`;
  requests[2] = ['eth_call', [{ to: address, data: '0x1234', gas }, 'latest']];
  expect(asked).toEqual(requests);
});

test('nobody computes on the node for as long as they like', async () => {
  const { ask, asked } = setup();
  const call = (gas: bigint) => ask('eth_call', [{ to: address, gas: `0x${gas.toString(16)}` }, 'latest']);
  const most = BigInt(relayLimits.tempoCallGas);
  expect(await call(most + 1n)).toMatchObject({ error: { code: -32_602 } });
  expect(await call((1n << 256n) - 1n)).toMatchObject({ error: { code: -32_602 } });
  expect(asked).toEqual([]);
  expect(await call(most)).toMatchObject({ result: '0x1' });
  expect(await call(21_000n)).toMatchObject({ result: '0x1' });
  expect(asked).toHaveLength(2);
});

describe('everything else is answered here', () => {
  test.each([
    'eth_getRawTransactionByHash',
    'eth_getLogs',
    'eth_newFilter',
    'eth_accounts',
    'eth_sendTransaction',
    'debug_traceTransaction',
    'anvil_setBalance',
    'evm_mine',
    'constructor',
    '__proto__',
    '',
  ])('the method %j', async (method) => {
    const { ask, asked } = setup();
    expect(await ask(method)).toMatchObject({ error: { code: -32_601 } });
    expect(asked).toEqual([]);
  });

  test.each<[string, unknown[]]>([
    ['eth_getBlockByNumber', ['latest', true]],
    ['eth_getBlockByNumber', ['latest']],
    ['eth_call', [{ to: address }, 'latest', { [address]: { balance: '0x1' } }]],
    ['eth_call', [{ to: address, gasPrice: '0x1' }, 'latest']],
    ['eth_call', [{ data: '0x' }, 'latest']],
    ['eth_call', [{ to: address, gas: 'all' }, 'latest']],
    ['eth_call', [{ to: address, gas: '0x' }, 'latest']],
    ['eth_getTransactionCount', ['0x12', 'latest']],
    ['eth_getTransactionReceipt', [hash, hash]],
    ['eth_sendRawTransaction', ['0x1']],
    ['eth_sendRawTransaction', [{}]],
    ['eth_chainId', [1]],
  ])('%s with %j', async (method, params) => {
    const { ask, asked } = setup();
    expect(await ask(method, params)).toMatchObject({ error: { code: -32_602 } });
    expect(asked).toEqual([]);
  });
});

test('what the node refuses keeps its code; a node that is away is an error too', async () => {
  const refused = setup(() => Promise.reject(new TempoError('REFUSED', 'already imported', { rpcCode: -32_003 })));
  expect(await refused.ask('eth_chainId')).toMatchObject({ error: { code: -32_003, message: 'already imported' } });
  const away = setup(() => Promise.reject(new TempoError('UNREACHABLE', 'the node cannot be reached')));
  expect(await away.ask('eth_chainId')).toMatchObject({ error: { code: -32_603 } });
});
