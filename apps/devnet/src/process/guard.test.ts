import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { guardProcess } from './guard.ts';

const onUnix = test.skipIf(process.platform === 'win32');
const startSleeper = () => spawn('/bin/sh', ['-c', 'exec sleep 1000'], { stdio: 'ignore' });

onUnix('when the launcher is killed, what it guarded ends too', async () => {
  const sleeper = startSleeper();
  const guard = fileURLToPath(new URL('./guard.ts', import.meta.url));
  const source = `const { guardProcess } = await import(${JSON.stringify(guard)});
    guardProcess(${sleeper.pid}); console.log('guarding'); setInterval(() => {}, 1000);`;
  const launcher = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(launcher.stdout, 'data');
  const ended = once(sleeper, 'exit');
  launcher.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
});

onUnix('a guard that was called off leaves the process alone', async () => {
  const sleeper = startSleeper();
  await guardProcess(sleeper.pid ?? 0)();
  expect(sleeper.exitCode).toBeNull();
  const ended = once(sleeper, 'exit');
  sleeper.kill('SIGTERM');
  expect(await ended).toEqual([null, 'SIGTERM']);
});
