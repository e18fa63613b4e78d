import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DevnetUnderTest, isAlive, startDevnetUnderTest } from '../fixtures/devnet.ts';
import { expect, programTest as test } from '../fixtures/test.ts';

/** `npm start` as a person meets it: what it says when something is wrong, and what it leaves behind (nothing). */

const launcher = fileURLToPath(new URL('../../apps/devnet/src/main.ts', import.meta.url));

async function runLauncher(...args: string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

const processesOf = (devnet: DevnetUnderTest) => devnet.runtime.processes.map(({ pid }) => pid);

async function expectAllGone(pids: readonly number[]): Promise<void> {
  await expect.poll(() => pids.filter(isAlive)).toEqual([]);
}

/** Programs that were started with something of this directory. */
function commandLinesWith(directory: string): readonly string[] {
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(directory));
}

async function withDevnet(use: (devnet: DevnetUnderTest) => Promise<void>): Promise<void> {
  const devnet = await startDevnetUnderTest();
  try {
    await use(devnet);
  } finally {
    await devnet.dispose();
  }
}

test('help says what there is', async () => {
  const { code, output } = await runLauncher('--help');
  expect(code).toBe(0);
  expect(output).toContain('--fresh');
});

test('a flag that does not exist is named', async () => {
  const { code, output } = await runLauncher('--frsh');
  expect(code).toBe(2);
  expect(output).toContain('--frsh');
});

test('a directory of somebody else is left alone', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'fastpay-e2e-'));
  writeFileSync(join(directory, 'thesis.txt'), 'years of work');
  const { code, output } = await runLauncher('--state-dir', directory, '--fresh', '--no-wallet-build');
  expect(code).toBe(1);
  expect(output).toContain('files that are not a devnet');
  expect(readFileSync(join(directory, 'thesis.txt'), 'utf8')).toBe('years of work');
  rmSync(directory, { recursive: true });
});

test('a port in use is named with its purpose, and nothing is left running', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'fastpay-e2e-'));
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { code, output } = await runLauncher(
    '--state-dir',
    directory,
    '--port-base',
    String(port),
    '--no-wallet-build',
  );
  expect(code).toBe(1);
  expect(output).toContain(`Port ${port} (relay and wallet) is in use`);
  server.close();
  rmSync(directory, { recursive: true });
});

test('a second start on a running devnet says that it runs', async ({ devnet }) => {
  const { code, output } = await runLauncher('--state-dir', devnet.stateDirectory, '--no-wallet-build');
  expect(code).toBe(1);
  expect(output).toContain(`A devnet is already running on ${devnet.stateDirectory} (process ${devnet.runtime.pid})`);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} stops everything and leaves no process behind`, async () => {
    await withDevnet(async (devnet) => {
      const pids = processesOf(devnet);
      expect(pids.filter(isAlive)).toHaveLength(7);
      await devnet.stop(signal);
      await expectAllGone(pids);
    });
  });
}

test('a stop while it is still starting leaves nothing behind', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'fastpay-e2e-'));
  const args = ['--state-dir', directory, '--port-base', '0', '--no-wallet-build'];
  const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  await expect.poll(() => output).toContain('Reserve contract is deployed');
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
  await expect.poll(() => commandLinesWith(directory)).toEqual([]);
  expect(existsSync(join(directory, 'lock'))).toBe(false);
  rmSync(directory, { recursive: true });
});

test('when the launcher is killed, everything else ends too, and the next start finds the state', async () => {
  await withDevnet(async (devnet) => {
    const pids = processesOf(devnet);
    const height = await devnet.blockHeight();
    await devnet.stop('SIGKILL');
    await devnet.start();
    await expectAllGone(pids);
    expect(await devnet.blockHeight()).toBeGreaterThanOrEqual(height);
  });
});

test('a validator that crashes is reported, and the rest goes on', async () => {
  await withDevnet(async (devnet) => {
    const dave = devnet.runtime.processes.find(({ name }) => name === 'validator Dave');
    process.kill(dave?.pid ?? 0, 'SIGSEGV');
    await expect.poll(() => devnet.output()).toContain('validator Dave was ended by SIGSEGV');
    expect(devnet.output()).toContain('The devnet goes on without it');
    await expect.poll(() => devnet.output()).toContain('3 of 4 running: payments go on');
    await devnet.startValidator('Dave');
    await expect.poll(() => devnet.output()).toContain('4 of 4 running');
  });
});

for (const part of ['Tempo node', 'the relay'] as const) {
  test(`without ${part} it stops, says why, and leaves no process behind`, async () => {
    await withDevnet(async (devnet) => {
      const pids = processesOf(devnet);
      const victim = devnet.runtime.processes.find(({ name }) => name === part);
      const ended = devnet.ended();
      process.kill(victim?.pid ?? 0, 'SIGKILL');
      expect(await ended).toBe(1);
      expect(devnet.output()).toContain('was ended by SIGKILL');
      expect(devnet.output()).toContain('The devnet stops.');
      await expectAllGone(pids);
    });
  });
}
