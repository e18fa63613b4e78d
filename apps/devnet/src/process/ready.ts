import { setTimeout as delay } from 'node:timers/promises';
import { DevnetError } from '../error.ts';
import type { Child } from './child.ts';

const POLL_MS = 25;

/**
 * Waits until `url` answers with success.
 * @throws DevnetError when the child ends first, with its last words, or when the time is up.
 */
export async function waitUntilReady(child: Child, url: string, timeoutMs: number): Promise<void> {
  let ended: string | undefined;
  void child.exited.then((exit) => {
    ended = child.describeExit(exit);
  });
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    if (ended !== undefined) throw new DevnetError(ended);
    if (await answers(url)) return;
    await delay(POLL_MS);
  }
  await child.kill();
  throw new DevnetError(`${child.name} did not get ready within ${timeoutMs / 1_000} s.\n${ended ?? ''}`.trimEnd());
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Not listening yet; the caller knows when to give up.
    return false;
  }
}
