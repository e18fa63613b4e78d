import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeNetwork } from '@fastpay/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestNetwork } from './testing/network.fixtures.ts';

const net = createTestNetwork();
const children: ChildProcess[] = [];
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-relay-'));
  writeFileSync(join(directory, 'network.json'), JSON.stringify(encodeNetwork(net.network)));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

function start(config: unknown, ...words: string[]) {
  const file = join(directory, 'relay.json');
  writeFileSync(file, JSON.stringify(config));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--config', file, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const output = { out: '', error: '' };
  const lines: string[] = [];
  const waiting: { pattern: RegExp; resolve: (line: string) => void }[] = [];
  child.stderr.on('data', (chunk) => {
    output.error += chunk;
  });
  child.stdout.on('data', (chunk) => {
    output.out += chunk;
    lines.push(...output.out.split('\n').slice(lines.length, -1));
    for (const { pattern, resolve } of waiting) {
      const line = lines.find((candidate) => pattern.test(candidate));
      if (line !== undefined) resolve(line);
    }
  });
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  const line = (pattern: RegExp) => new Promise<string>((resolve) => waiting.push({ pattern, resolve }));
  return { child, output, exit, line };
}

const config = {
  networkFile: 'network.json',
  validators: [{ signer: 0, url: 'http://127.0.0.1:1' }],
  listen: { port: 0 },
  chain: { rpcUrl: 'http://127.0.0.1:1' },
};

test('it serves until it is told to stop, with validators and node away', async () => {
  const relay = start(config);
  const ready = JSON.parse(await relay.line(/"msg":"ready"/));
  expect(ready).toMatchObject({ msg: 'ready', service: 'relay', network: 'test' });
  expect((await fetch(`${ready.url}/healthz`)).status).toBe(200);
  const { network } = (await (await fetch(`${ready.url}/v1/network`)).json()) as { network: unknown };
  expect(network).toEqual(encodeNetwork(net.network));
  relay.child.kill('SIGTERM');
  expect(await relay.exit).toBe(0);
  expect(relay.output.error).toBe('');
});

describe('it does not start, and says why', () => {
  test('with a faulty configuration', async () => {
    const relay = start({ ...config, listen: { port: 'x' } });
    expect(await relay.exit).toBe(64);
    expect(relay.output.error).toContain('listen.port');
  });

  test('with a network file that is not there', async () => {
    const relay = start({ ...config, networkFile: 'nowhere.json' });
    expect(await relay.exit).toBe(64);
    expect(relay.output.error).toContain('nowhere.json');
  });

  test('with a validator that the committee does not have', async () => {
    const relay = start({ ...config, validators: [{ signer: 9, url: 'http://127.0.0.1:1' }] });
    expect(await relay.exit).toBe(64);
    expect(relay.output.error).toContain('the committee has no signer 9');
  });

  test('on a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const relay = start(config, '--listen.port', `${port}`);
    expect(await relay.exit).toBe(69);
    expect(relay.output.error).toContain(`cannot listen on 127.0.0.1:${port}`);
    other.close();
  });
});
