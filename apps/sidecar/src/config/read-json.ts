import { readFileSync } from 'node:fs';

export type JsonFile =
  | { readonly json: unknown }
  /** Why it cannot be used, without any of its content. */
  | { readonly problem: string };

/** Reads a small JSON file by path or descriptor. What was in it never becomes part of the answer's `problem`. */
export function readJsonFile(file: string | number): JsonFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { problem: whyUnreadable(error) };
  }
  return parseJson(text);
}

function parseJson(text: string): JsonFile {
  try {
    return { json: JSON.parse(text) };
  } catch (error) {
    // Node quotes the text around a syntax error; only its place is passed on.
    const place = /line \d+ column \d+/.exec(error instanceof Error ? error.message : '')?.[0];
    return { problem: `not valid JSON${place ? ` (${place})` : ''}` };
  }
}

/** A file system error in words. */
export function whyUnreadable(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'this user may not read it';
  return `cannot be read (${code ?? 'unknown reason'})`;
}
