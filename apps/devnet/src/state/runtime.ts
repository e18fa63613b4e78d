import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { commandLine } from './lock.ts';

/** What a running devnet tells other programs (`devnet.json`), gone when it stops in good order. */
const runtimeSchema = z.object({
  pid: z.int(),
  walletUrl: z.url(),
  relayUrl: z.url(),
  nodeUrl: z.url(),
  controlUrl: z.url(),
  networkFile: z.string(),
  stateDirectory: z.string(),
  validators: z.array(z.object({ name: z.string(), url: z.url() })),
  processes: z.array(z.object({ name: z.string(), pid: z.int() })),
});

export type Runtime = z.infer<typeof runtimeSchema>;

export function writeRuntime(path: string, runtime: Runtime): void {
  writeJsonFile(path, runtime);
}

export function readRuntime(path: string): Runtime | undefined {
  return runtimeSchema.safeParse(readJsonFile(path)).data;
}

export function removeRuntime(path: string): void {
  rmSync(path, { force: true });
}

const ORPHAN_WAIT_MS = 10_000;

/** Children of a launcher that was killed end by themselves, a moment later: waits for that moment. */
export async function waitForOrphans(path: string, onWait: () => void): Promise<void> {
  const runtime = readRuntime(path);
  const alive = () => runtime?.processes.filter(({ pid }) => commandLine(pid)?.includes(runtime.stateDirectory)) ?? [];
  if (alive().length > 0) onWait();
  const deadline = performance.now() + ORPHAN_WAIT_MS;
  while (alive().length > 0 && performance.now() < deadline) await delay(50);
}
