import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const ROTATE_BYTES = 8 * 1024 * 1024;
const TAIL_BYTES = 16 * 1024;

/** A child's log that is appended to over restarts; one older file is kept beside it. */
export interface LogFile {
  readonly path: string;
  /** For a child's standard output; the caller closes it after the child was started. */
  open(): number;
  /** The last lines that were written since `open`. */
  tail(lines: number): string;
}

export function createLogFile(path: string): LogFile {
  let start = 0;
  return {
    path,
    open() {
      mkdirSync(dirname(path), { recursive: true });
      if (existsSync(path) && statSync(path).size > ROTATE_BYTES) renameSync(path, `${path}.1`);
      const descriptor = openSync(path, 'a', 0o600);
      start = fstatSync(descriptor).size;
      return descriptor;
    },
    tail(lines) {
      return readFrom(path, start).trimEnd().split('\n').slice(-lines).join('\n');
    },
  };
}

function readFrom(path: string, start: number): string {
  if (!existsSync(path)) return '';
  const descriptor = openSync(path, 'r');
  try {
    const end = fstatSync(descriptor).size;
    const from = Math.max(start, end - TAIL_BYTES);
    const buffer = Buffer.alloc(Math.max(0, end - from));
    readSync(descriptor, buffer, 0, buffer.length, from);
    return buffer.toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}
