import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DevnetError } from '../error.ts';
import { startChild } from '../process/child.ts';
import { hashWalletSources } from './source-hash.ts';

export interface WalletBuild {
  /** Directory with the built wallet. */
  readonly directory: string;
  readonly built: boolean;
  readonly seconds: number;
}

/**
 * Builds the wallet unless `dist/wallet` already comes from exactly these sources.
 * @throws DevnetError with the bundler's words.
 */
export async function buildWalletIfChanged(repositoryRoot: string, onBuild: () => void): Promise<WalletBuild> {
  const started = performance.now();
  const directory = join(repositoryRoot, 'dist', 'wallet');
  const stamp = join(repositoryRoot, 'dist', 'wallet.sources');
  const sources = hashWalletSources(repositoryRoot);
  const result = (built: boolean) => ({ directory, built, seconds: (performance.now() - started) / 1_000 });
  const isCurrent = existsSync(join(directory, 'index.html')) && existsSync(stamp);
  if (isCurrent && readFileSync(stamp, 'utf8').trim() === sources) return result(false);

  onBuild();
  mkdirSync(join(repositoryRoot, 'dist'), { recursive: true });
  const build = await startChild({
    name: 'the wallet’s build',
    command: process.execPath,
    args: [join(repositoryRoot, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    directory: repositoryRoot,
    logFile: join(repositoryRoot, 'dist', 'wallet.log'),
    comesFrom: 'vite',
  });
  const exit = await build.exited;
  if (exit.code !== 0) throw new DevnetError(build.describeExit(exit));
  writeFileSync(stamp, `${sources}\n`);
  return result(true);
}

/** The wallet as it was built last, if it was. */
export function findBuiltWallet(repositoryRoot: string): string | undefined {
  const directory = join(repositoryRoot, 'dist', 'wallet');
  return existsSync(join(directory, 'index.html')) ? directory : undefined;
}
