import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../config/error.ts';
import { readJsonFile } from '../config/read-json.ts';
import { replaceFile } from '../store/replace-file.ts';
import { syncDirectory } from './bundle.ts';

const claimSchema = z.strictObject({ id: z.string().regex(/^[0-9a-f]{32}$/) });

/**
 * What a machine notes for itself of a move that it has begun, so that it alone can finish it: nothing of a bundle tells
 * which machine looks at it, and the same files may lie on both.
 */
export interface Claim {
  /** @throws ConfigError when the note is there and cannot be read. */
  read(): string | undefined;
  /** Durable when it resolves. */
  write(id: string): Promise<void>;
  drop(): void;
}

/** The note that the old machine keeps while it hands a validator over, beside the marker that it retires for that. */
export function exportClaim(markerFile: string): Claim {
  return claimIn(`${markerFile}.export`);
}

/** The note that the new machine keeps from before it takes a bundle until the validator can be started. */
export function importClaim(markerFile: string): Claim {
  return claimIn(`${markerFile}.import`);
}

function claimIn(file: string): Claim {
  return {
    read() {
      if (!existsSync(file)) return undefined;
      const read = readJsonFile(file);
      const parsed = 'json' in read ? claimSchema.safeParse(read.json) : undefined;
      if (parsed?.success) return parsed.data.id;
      throw new ConfigError([
        {
          field: file,
          problem: 'is damaged: which move was begun here cannot be told',
          fix: 'restore the file; without it this move cannot be finished',
        },
      ]);
    },
    write: (id) => replaceFile(file, `${JSON.stringify({ id })}\n`),
    drop() {
      if (!existsSync(file)) return;
      rmSync(file);
      syncDirectory(dirname(file));
    },
  };
}
