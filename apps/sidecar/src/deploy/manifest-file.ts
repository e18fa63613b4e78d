import { closeSync, fsyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { ConfigError } from '../config/error.ts';
import { whyUnreadable } from '../config/read-json.ts';

/** A file that is made before the money is spent, so that what is learnt has a place to go. */
export function createManifest(file: string): { write(network: unknown): void; discard(): void } {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx', 0o644);
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    const problem = exists ? 'exists already and is not overwritten' : whyUnreadable(error);
    throw new ConfigError([{ field: `--out ${file}`, problem, fix: 'name a new file in a directory that exists' }]);
  }
  return {
    write(network) {
      writeSync(descriptor, `${JSON.stringify(network, undefined, 2)}\n`);
      fsyncSync(descriptor);
      closeSync(descriptor);
    },
    discard() {
      closeSync(descriptor);
      unlinkSync(file);
    },
  };
}
