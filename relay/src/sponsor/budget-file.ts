import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../config/error.ts';

/** Where what was spent survives a restart: without it, whoever can crash a relay could spend its budget again. */
export interface BudgetFile {
  /** Units by hour. Resolves once they are on disk. */
  write(spent: ReadonlyMap<number, bigint>): Promise<void>;
}

const fileSchema = z.strictObject({
  version: z.literal(1),
  unitsByHour: z.record(z.string().regex(/^\d{1,9}$/), z.string().regex(/^\d{1,38}$/)),
});

/**
 * What a budget file says; nothing when there is none yet.
 * @throws ConfigError when it is damaged: to start from zero would be to spend twice.
 */
export function readBudgetFile(path: string): ReadonlyMap<number, bigint> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    if (code === 'ENOENT') return new Map();
    throw new ConfigError(`sponsor.budgetFile ${path}: cannot be read (${code})`, { cause: error });
  }
  const parsed = fileSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new ConfigError(
      `sponsor.budgetFile ${path}: is damaged. Delete it to begin with a full budget, once you know why.`,
    );
  }
  return new Map(Object.entries(parsed.data.unitsByHour).map(([hour, units]) => [Number(hour), BigInt(units)]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Replaces the file in one step, one write after the other. */
export function createBudgetFile(path: string): BudgetFile {
  let last: Promise<unknown> = Promise.resolve();

  async function replace(text: string): Promise<void> {
    const next = `${path}.new`;
    await withFile(next, 'w', async (file) => {
      await file.writeFile(text);
      await file.sync();
    });
    await rename(next, path);
    await withFile(dirname(path), 'r', (directory) => directory.sync());
  }

  return {
    write(spent) {
      const unitsByHour = Object.fromEntries([...spent].map(([hour, units]) => [hour, `${units}`]));
      const text = `${JSON.stringify({ version: 1, unitsByHour })}\n`;
      const written = last.then(() => replace(text));
      // Whoever waits for this write is told of its failure; the next one is made all the same.
      last = written.catch(() => undefined);
      return written;
    },
  };
}

async function withFile(
  path: string,
  flags: string,
  task: (file: Awaited<ReturnType<typeof open>>) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await task(file);
  } finally {
    await file.close();
  }
}
