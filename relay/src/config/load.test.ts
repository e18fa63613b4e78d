import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATH_USD } from '@fastpay/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError } from './error.ts';
import { helpText, loadConfig } from './load.ts';
import { settings } from './schema.ts';

const minimal = {
  networkFile: 'network.json',
  validators: [{ signer: 0, url: 'http://127.0.0.1:4701' }],
  chain: { rpcUrl: 'http://127.0.0.1:4705' },
};
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-relay-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function load(content: unknown, words: readonly string[] = [], environment: Record<string, string> = {}) {
  const file = join(directory, 'relay.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return loadConfig({ arguments: ['--config', file, ...words], environment, workingDirectory: directory });
}

function problem(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

test('defaults fill in what a file leaves out, and paths are relative to the file', () => {
  expect(load({ ...minimal, walletDirectory: 'dist' })).toEqual({
    ...minimal,
    networkFile: join(directory, 'network.json'),
    walletDirectory: join(directory, 'dist'),
    listen: { host: '127.0.0.1', port: 4700 },
    allowedOrigins: [],
    rateLimits: { requestsPerMinute: 1_200, pagesPerMinute: 300, paymentsPerMinute: 120 },
    trustProxy: 0,
    logLevel: 'info',
  });
});

test('a sponsor needs a name, a key and a place for its budget; its paths are relative to the file too', () => {
  const sponsor = { name: 'Example Pay', keyFile: 'keys/sponsor.json', budgetFile: 'budget.json' };
  expect(load({ ...minimal, sponsor }).sponsor).toEqual({
    name: 'Example Pay',
    keyFile: join(directory, 'keys/sponsor.json'),
    budgetFile: join(directory, 'budget.json'),
    unitsPerHour: 2_000_000,
    unitsPerDay: 10_000_000,
    depositsPerAccount: 3,
    depositsPerClient: 20,
    minimumAmount: 1_000_000,
    lifeSeconds: 120,
  });
  expect(load(minimal).sponsor).toBeUndefined();
  for (const field of ['name', 'keyFile', 'budgetFile']) {
    expect(problem(() => load({ ...minimal, sponsor: { ...sponsor, [field]: undefined } }))).toContain(
      `sponsor.${field}`,
    );
  }
  expect(problem(() => load({ ...minimal, sponsor: { ...sponsor, name: 'a\u202eb' } }))).toContain('printable');
});

test('the environment overrides the file, and a flag both', () => {
  const file = { ...minimal, listen: { port: 1 } };
  const environment = { FASTPAY_LISTEN_PORT: '2', FASTPAY_CHAIN_RPC_URL: 'http://node:1' };
  expect(load(file, [], environment)).toMatchObject({ listen: { port: 2 }, chain: { rpcUrl: 'http://node:1' } });
  expect(load(file, ['--listen.port', '3'], environment)).toMatchObject({ listen: { port: 3 } });
});

test('every field can be given by flags alone', () => {
  const values: Record<string, string> = {
    networkFile: 'net.json',
    validators: '0=http://one:1,2=http://two:2',
    'listen.host': '::1',
    'listen.port': '0',
    'chain.rpcUrl': 'https://node',
    'sponsor.name': 'Example Pay',
    'sponsor.keyFile': 'sponsor.key.json',
    'sponsor.budgetFile': 'sponsor.budget.json',
    'sponsor.feeToken': `0x20C0${'00'.repeat(18)}`,
    'sponsor.unitsPerHour': '7',
    'sponsor.unitsPerDay': '8',
    'sponsor.depositsPerAccount': '9',
    'sponsor.depositsPerClient': '10',
    'sponsor.minimumAmount': '11',
    'sponsor.lifeSeconds': '12',
    walletDirectory: 'dist',
    devnetUrl: 'http://127.0.0.1:4706',
    allowedOrigins: 'https://a.example,https://b.example',
    'rateLimits.requestsPerMinute': '5',
    'rateLimits.pagesPerMinute': '7',
    'rateLimits.paymentsPerMinute': '6',
    trustProxy: '1',
    logLevel: 'warn',
  };
  expect(Object.keys(values)).toEqual(settings.map(({ field }) => field));
  const words = Object.entries(values).map(([field, value]) => `--${field}=${value}`);
  const config = loadConfig({ arguments: words, environment: {}, workingDirectory: directory });
  expect(config).toMatchObject({
    networkFile: join(directory, 'net.json'),
    validators: [
      { signer: 0, url: 'http://one:1' },
      { signer: 2, url: 'http://two:2' },
    ],
    listen: { host: '::1', port: 0 },
    sponsor: {
      name: 'Example Pay',
      keyFile: join(directory, 'sponsor.key.json'),
      budgetFile: join(directory, 'sponsor.budget.json'),
      feeToken: PATH_USD,
      unitsPerHour: 7,
      unitsPerDay: 8,
      depositsPerAccount: 9,
      depositsPerClient: 10,
      minimumAmount: 11,
      lifeSeconds: 12,
    },
    allowedOrigins: ['https://a.example', 'https://b.example'],
    rateLimits: { requestsPerMinute: 5, pagesPerMinute: 7, paymentsPerMinute: 6 },
    trustProxy: 1,
  });
  for (const { field } of settings) expect(helpText()).toContain(`--${field} `);
});

describe('what is wrong is named with its field and where it came from', () => {
  test.each<[string, () => unknown, string]>([
    ['a missing field', () => load({ ...minimal, chain: {} }), 'chain.rpcUrl'],
    ['an unknown field', () => load({ ...minimal, lissten: {} }), 'lissten'],
    [
      'a bad port from the environment',
      () => load(minimal, [], { FASTPAY_LISTEN_PORT: 'many' }),
      'FASTPAY_LISTEN_PORT',
    ],
    ['a bad flag value', () => load(minimal, ['--trustProxy', '-1']), 'trustProxy (--trustProxy)'],
    ['an unknown flag', () => load(minimal, ['--port', '1']), '--port: there is no such flag'],
    ['a flag without a value', () => load(minimal, ['--listen.port']), '--listen.port: needs a value'],
    ['a flag given twice', () => load(minimal, ['--trustProxy=1', '--trustProxy=2']), 'is given twice'],
    ['a word', () => load(minimal, ['serve']), 'serve: expected a flag'],
    [
      'a signer named twice',
      () => load({ ...minimal, validators: [...minimal.validators, ...minimal.validators] }),
      'names a signer twice',
    ],
    ['a path in an origin', () => load({ ...minimal, allowedOrigins: ['https://a.example/x'] }), 'allowedOrigins.0'],
    ['another scheme', () => load({ ...minimal, devnetUrl: 'file:///etc' }), 'devnetUrl'],
    ['a file that is no JSON', () => load('{'), 'must hold a valid JSON object'],
    [
      'a file that is not there',
      () => loadConfig({ arguments: [], environment: { FASTPAY_CONFIG: 'no.json' }, workingDirectory: directory }),
      'cannot be read (ENOENT)',
    ],
  ])('%s', (_, run, message) => {
    expect(problem(run)).toContain(message);
  });

  test('values are not repeated: the address of a node may hold a key', () => {
    expect(problem(() => load({ ...minimal, chain: { rpcUrl: 'htp://secret' } }))).not.toContain('secret');
    expect(problem(() => load('{"chain": {"rpcUrl": "https://node/secret" oops'))).not.toContain('secret');
  });
});
