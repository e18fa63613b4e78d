import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TempoError } from '../errors.ts';

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * The Tempo node's program itself, not the script around it, so that signals reach the one process that matters.
 * @throws TempoError NODE_FAILED when this machine has none.
 */
export function anvilBinary(): string {
  const platform = process.platform;
  const architecture = ARCHITECTURES[process.arch] ?? process.arch;
  const name = `@foundry-rs/anvil-${platform}-${architecture}`;
  const require = createRequire(import.meta.url);
  const parent = createRequire(require.resolve('@foundry-rs/anvil/package.json'));
  const file = platform === 'win32' ? 'anvil.exe' : 'anvil';
  const directory = resolveDirectory(parent, name);
  const path = directory && join(directory, 'bin', file);
  if (!path || !existsSync(path)) {
    throw new TempoError(
      'NODE_FAILED',
      `the Tempo node's program is missing: the npm package ${name} is not installed (run npm ci without --omit=optional)`,
    );
  }
  return path;
}

function resolveDirectory(require: NodeJS.Require, name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
