import { readFileSync } from 'node:fs';

/** One rule of the protocol broken on purpose, as exact replacements in source files. */
export interface Mutation {
  /** What the broken validator does. */
  readonly name: string;
  readonly edits: readonly Edit[];
}

export interface Edit {
  /** From the repository's root. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
}

const root = new URL('../../../../', import.meta.url);

export function urlOf({ file }: Edit): string {
  return new URL(file, root).href;
}

/** @throws Error unless the text stands there exactly once: code that has changed needs a mutation that has. */
export function applyEdit(source: string, { file, find, replace }: Edit): string {
  const parts = source.split(find);
  if (parts.length !== 2) throw new Error(`${file} holds this ${parts.length - 1} times: ${find}`);
  return parts.join(replace);
}

/** @throws Error when an edit fits its file no more. */
export function assertFits({ edits }: Mutation): void {
  const sources = new Map<string, string>();
  for (const edit of edits) {
    const url = urlOf(edit);
    sources.set(url, applyEdit(sources.get(url) ?? readFileSync(new URL(url), 'utf8'), edit));
  }
}
