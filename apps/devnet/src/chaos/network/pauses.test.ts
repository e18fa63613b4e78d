import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { createPauses } from './pauses.ts';

const started: (() => void)[] = [];
afterEach(() => {
  for (const end of started.splice(0)) end();
});

/** Says everything back, and so tells whether it runs. */
function startEcho() {
  const child = spawn(process.execPath, ['--eval', 'process.stdin.pipe(process.stdout)']);
  started.push(() => child.kill('SIGKILL'));
  return child;
}

/** `T` is stopped (proc(5)). */
const stateOf = (pid: number) => /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];

test.runIf(process.platform === 'linux')('a paused process stands still, and goes on where it stopped', async () => {
  const child = startEcho();
  const pid = child.pid ?? 0;
  child.stdin.write('one');
  await once(child.stdout, 'data');
  const pauses = createPauses();
  pauses.pause(pid);
  await expect.poll(() => stateOf(pid)).toBe('T');
  child.stdin.write('two');
  await pauses.resume();
  const [answer] = (await once(child.stdout, 'data')) as [Buffer];
  expect(answer.toString()).toBe('two');
});

test.runIf(process.platform === 'linux')('a paused process ends with whoever paused it', async () => {
  const child = startEcho();
  const pid = child.pid ?? 0;
  const pauses = JSON.stringify(new URL('./pauses.ts', import.meta.url).href);
  const source = `
    const { createPauses } = await import(${pauses});
    createPauses().pause(${pid});
    console.log('paused');
    setInterval(() => undefined, 1000);`;
  const launcher = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(() => launcher.kill('SIGKILL'));
  await once(launcher.stdout, 'data');
  await expect.poll(() => stateOf(pid)).toBe('T');
  const ended = once(child, 'exit');
  launcher.kill('SIGKILL');
  const [, signal] = await ended;
  expect(signal).toBe('SIGKILL');
});
