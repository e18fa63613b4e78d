import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nodeProgram, startChild } from './child.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-child-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function program(source: string) {
  const script = join(directory, 'program.ts');
  writeFileSync(script, source);
  return {
    name: 'the program',
    logFile: join(directory, 'log'),
    ...nodeProgram(script, [], { oldSpaceMb: 64, semiSpaceMb: 2 }),
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a child that ends by itself is described with its exit code and last words', async () => {
  const child = await startChild(program(`console.log('out of cheese'); process.exit(7);`));
  const exit = await child.exited;
  expect(exit).toEqual({ code: 7, signal: null });
  expect(child.isRunning).toBe(false);
  expect(child.describeExit(exit)).toContain('the program ended with exit code 7');
  expect(child.describeExit(exit)).toContain('  out of cheese');
});

test('only what was written since this start is quoted', async () => {
  const first = await startChild(program(`console.log('earlier');`));
  await first.exited;
  const second = await startChild(program(`console.log('later');`));
  const description = second.describeExit(await second.exited);
  expect(description).toContain('later');
  expect(description).not.toContain('earlier');
});

test('stop asks first, and ends what does not listen', async () => {
  const deaf = await startChild(
    program(`process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000);`),
  );
  await vi.waitFor(() => expect(readFileSync(join(directory, 'log'), 'utf8')).toContain('up'), 20_000);
  await deaf.stop(50);
  expect(await deaf.exited).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a command that is not installed is named with the package that brings it', async () => {
  const missing = {
    name: 'the node',
    command: '/nowhere/anvil',
    args: [],
    logFile: join(directory, 'log'),
    comesFrom: 'some-package',
  };
  await expect(startChild(missing)).rejects.toThrow('It comes from the npm package some-package: run npm ci.');
});

test('configuration in the launcher’s environment does not reach a child', async () => {
  vi.stubEnv('FASTPAY_LISTEN_PORT', '1');
  const child = await startChild(program(`console.log('port', process.env.FASTPAY_LISTEN_PORT);`));
  await child.exited;
  vi.unstubAllEnvs();
  expect(readFileSync(join(directory, 'log'), 'utf8')).toContain('port undefined');
});

test('when its launcher is killed, a child ends too', async () => {
  const childModule = fileURLToPath(new URL('./child.ts', import.meta.url));
  const grandchild = program(`setInterval(() => {}, 1000);`);
  const launcherScript = join(directory, 'launcher.ts');
  writeFileSync(
    launcherScript,
    `const { startChild } = await import(${JSON.stringify(childModule)});
     const child = await startChild(${JSON.stringify(grandchild)});
     console.log('pid', child.pid);`,
  );
  const launcher = spawn(process.execPath, [launcherScript], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = (await once(launcher.stdout, 'data')) as [Buffer];
  const pid = Number(/pid (\d+)/.exec(chunk.toString())?.[1]);
  expect(isAlive(pid)).toBe(true);
  launcher.kill('SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000, interval: 20 });
});
