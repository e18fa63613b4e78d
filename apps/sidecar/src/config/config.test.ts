import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from './error.ts';
import { parseFlags } from './flags.ts';
import { helpText } from './help.ts';
import { loadConfig } from './load.ts';
import { settings } from './settings.ts';

const minimal = {
  networkFile: 'network.json',
  name: 'Dave',
  dataDirectory: 'store',
  keyFile: 'keys.json',
  chain: { rpcUrl: 'http://127.0.0.1:8545' },
};
const flagNames = ['config', ...settings.map((setting) => setting.path)];

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-config-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function fileOf(content: unknown): string {
  const file = join(directory, 'sidecar.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function load(content: unknown, words: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) {
  return loadConfig(parseFlags(['--config', fileOf(content), ...words], flagNames), environment);
}

function problemOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('expected a ConfigError');
}

describe('configuration', () => {
  it('fills in defaults and resolves paths against the file', () => {
    const { config } = load(minimal);
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 4701 });
    expect(config.chain.pollIntervalMs).toBe(250);
    expect(config.dataDirectory).toBe(join(directory, 'store'));
    expect(config.networkFile).toBe(join(directory, 'network.json'));
  });

  it('takes flags before the environment before the file', () => {
    const file = { ...minimal, listen: { host: '127.0.0.1', port: 1 } };
    const environment = { FASTPAY_LISTEN_PORT: '2', FASTPAY_LISTEN_HOST: '::1', FASTPAY_CHAIN_POLL_INTERVAL_MS: '50' };
    const { config } = load(file, ['--listen.port', '3'], environment);
    expect(config.listen).toEqual({ host: '::1', port: 3 });
    expect(config.chain.pollIntervalMs).toBe(50);
  });

  it('takes everything from flags alone, paths relative to the working directory', () => {
    const words = ['--networkFile=n.json', '--name', 'Eve', '--dataDirectory', 'd', '--keyFile', 'k'];
    const flags = parseFlags([...words, '--chain.rpcUrl', 'http://localhost:1'], flagNames);
    const { config } = loadConfig(flags, {});
    expect(config.networkFile).toBe(join(process.cwd(), 'n.json'));
    expect(config.name).toBe('Eve');
  });

  it('reads a list from text', () => {
    const environment = { FASTPAY_ALLOWED_ORIGINS: 'http://a.example, https://b.example:8443' };
    const { config } = load(minimal, [], environment);
    expect(config.allowedOrigins).toEqual(['http://a.example', 'https://b.example:8443']);
  });

  it('reads a switch from text, and nothing that is neither on nor off', () => {
    const off = load(minimal, ['--settlement.submit', 'false'], { FASTPAY_CHAIN_WATCH: 'true' });
    expect([off.config.settlement.submit, off.config.chain.watch]).toEqual([false, true]);
    expect(load(minimal).config.settlement.submit).toBe(true);
    expect(problemOf(() => load(minimal, ['--settlement.submit', 'maybe']))).toContain('expected true or false');
  });

  it('names field, source and remedy of every problem at once', () => {
    const message = problemOf(() =>
      load({ ...minimal, name: undefined, listen: { port: 'x' } }, ['--logLevel', 'loud']),
    );
    expect(message).toContain(`listen.port (file ${join(directory, 'sidecar.json')}): expected a whole number`);
    expect(message).toContain('logLevel (flag --logLevel): expected one of trace, debug');
    expect(message).toContain('name: missing');
    expect(message).toContain('FASTPAY_NAME or --name');
  });

  it('names the required fields of a group that was left out', () => {
    expect(problemOf(() => load({ ...minimal, chain: undefined }))).toContain('chain.rpcUrl: missing');
  });

  it('wants of a chain what its mode needs, and nothing else', () => {
    const simulated = { ...minimal, chain: { mode: 'simulated', simulated: { depositsFile: 'deposits.json' } } };
    const { chain } = load(simulated).config;
    expect(chain).toMatchObject({ mode: 'simulated', rpcUrl: '' });
    expect(chain.simulated).toEqual({ blockTimeMs: 500, depositsFile: join(directory, 'deposits.json') });
    expect(load(minimal).config.chain.mode).toBe('tempo');
    expect(problemOf(() => load(simulated, ['--chain.mode', 'tempo']))).toContain(
      'chain.rpcUrl: missing\n  → JSON-RPC address of a Tempo node',
    );
    expect(problemOf(() => load(minimal, ['--chain.mode', 'simulated']))).toContain(
      'chain.simulated.depositsFile: missing',
    );
    expect(problemOf(() => load(minimal, ['--chain.mode', 'pretend']))).toContain('expected tempo or simulated');
    expect(problemOf(() => load(minimal, ['--chain.rpcUrl', 'file:///etc']))).toContain('expected an http://');
  });

  it.each([
    [{ ...minimal, lisen: {} }, 'lisen ('],
    [{ ...minimal, chain: { ...minimal.chain, RpcUrl: 'x' } }, 'did you mean chain.rpcUrl?'],
    [{ ...minimal, limits: 3 }, 'limits ('],
    ['[]', 'expected an object'],
    ['{"name": ', 'not valid JSON'],
  ])('refuses %j', (content, expected) => {
    expect(problemOf(() => load(content))).toContain(expected);
  });

  it.each([
    ['--nosuch', '1', 'no such flag'],
    ['--name', undefined, 'needs a value'],
    ['loose', undefined, 'only flags'],
  ])('refuses the flag %s %s', (flag, value, expected) => {
    const words = value === undefined ? [flag] : [flag, value];
    expect(problemOf(() => parseFlags(words, flagNames))).toContain(expected);
    expect(problemOf(() => parseFlags(['--name', 'a', '--name', 'b'], flagNames))).toContain('given twice');
  });

  it('never repeats a value, which may be secret', () => {
    const secret = 'ftp://user:hunter2@node.example';
    expect(problemOf(() => load({ ...minimal, chain: { rpcUrl: secret } }))).not.toContain('hunter2');
    expect(problemOf(() => load(`{"chain": {"rpcUrl": "http://hunter2" oops}`))).not.toContain('hunter2');
  });

  it('points at variables that are no setting without refusing them', () => {
    const { unknownVariables } = load(minimal, [], { FASTPAY_LISTN_PORT: '1', PATH: '/bin' });
    expect(unknownVariables).toEqual(['FASTPAY_LISTN_PORT']);
  });

  it('says why the file cannot be read', () => {
    const flags = parseFlags(['--config', join(directory, 'none.json')], flagNames);
    expect(problemOf(() => loadConfig(flags, {}))).toContain('there is no such file');
  });

  it('describes every setting in the help text', () => {
    const help = helpText();
    for (const setting of settings) {
      expect(setting.description, setting.path).not.toBe('');
      expect(help).toContain(setting.flag);
    }
  });
});
