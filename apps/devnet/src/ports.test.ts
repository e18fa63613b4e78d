import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assertFree, choosePorts, freePort, holderOf } from './ports.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-ports-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function occupy(port: number): Promise<() => void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return () => server.close();
}

test('a base gives eight ports in a row', async () => {
  expect(await choosePorts({ portBase: 4700 }, join(directory, 'ports.json'))).toEqual({
    relay: 4700,
    validators: [4701, 4702, 4703, 4704],
    node: 4705,
    control: 4706,
    dev: 4707,
  });
});

test('base 0 chooses free ports once and keeps them', async () => {
  const file = join(directory, 'ports.json');
  const ports = await choosePorts({ portBase: 0 }, file);
  const all = [ports.relay, ports.node, ports.control, ports.dev, ...ports.validators];
  expect(new Set(all).size).toBe(8);
  await assertFree(ports, true);
  // A validator that is down must not find its port taken by a connection of somebody else when it comes back.
  expect(Math.max(...all)).toBeLessThan(32_768);
  expect(await choosePorts({ portBase: 0 }, file)).toEqual(ports);
});

test('a port in use is named with its purpose and its holder', async () => {
  const ports = await choosePorts({ portBase: 0 }, join(directory, 'ports.json'));
  const release = await occupy(ports.validators[1] ?? 0);
  try {
    await expect(assertFree(ports, false)).rejects.toThrow(`Port ${ports.validators[1]} (validator Edgar) is in use`);
    if (process.platform === 'linux') {
      await expect(assertFree(ports, false)).rejects.toThrow(`(process ${process.pid})`);
    }
  } finally {
    release();
  }
});

test('nobody holds a free port', async () => {
  expect(holderOf(await freePort())).toBeUndefined();
});
