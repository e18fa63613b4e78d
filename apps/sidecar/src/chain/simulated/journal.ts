import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { ConfigError } from '../../config/error.ts';
import { replaceFile } from '../../store/replace-file.ts';
import { contentOf, decodeRecord, encodeRecord, type JournalRecord, lineOf } from './record.ts';

/**
 * What happened on a simulated chain besides its genesis, in a file: with both, the chain is the same after a restart
 * as it was before. One process at a time; the store's lock sees to that.
 */
export interface Journal {
  /** Resolves once the record is on disk; one at a time. */
  append(record: JournalRecord): Promise<void>;
  close(): Promise<void>;
}

export interface OpenedJournal {
  readonly journal: Journal;
  /** What was written before this start, the oldest first. Throws a ConfigError where the file is damaged. */
  readonly records: Iterable<JournalRecord>;
}

export interface JournalOptions {
  readonly file: string;
  /** Digest of the genesis; a journal belongs to one. */
  readonly digest: string;
  /** Whether the store has never seen a chain: only then may the journal be missing. */
  readonly mayBeMade: boolean;
}

const FORMAT = 'fastpay.simulated-chain.1';

/**
 * Opens the journal, or makes it. A last line that was cut off while it was written is removed: no block was made of it.
 * @throws ConfigError when it is missing, damaged, or of another chain.
 */
export async function openJournal({ file, digest, mayBeMade }: JournalOptions): Promise<OpenedJournal> {
  const handle = await openOrMake(file, { header: headerOf(digest), mayBeMade });
  try {
    const content = await handle.readFile();
    const end = content.lastIndexOf('\n') + 1;
    if (end < content.length) await handle.truncate(end);
    const lines = linesIn(content.subarray(0, end));
    assertHeader(lines.next().value, { file, digest });
    return { journal: journalOn(handle), records: recordsIn(lines, file) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function journalOn(handle: FileHandle): Journal {
  return {
    async append(record) {
      const line = Buffer.from(lineOf(encodeRecord(record)));
      const { bytesWritten } = await handle.write(line);
      if (bytesWritten !== line.length) throw new Error('the journal of the simulated chain was written in part only');
    },
    close: () => handle.close(),
  };
}

function* linesIn(content: Buffer): Generator<string, undefined> {
  for (let start = 0; start < content.length; ) {
    const end = content.indexOf('\n', start);
    yield content.toString('utf8', start, end);
    start = end + 1;
  }
}

function* recordsIn(lines: Iterable<string>, file: string): Generator<JournalRecord> {
  for (const line of lines) yield recordOf(line, file);
}

function recordOf(line: string, file: string): JournalRecord {
  const content = contentOf(line);
  if (content === undefined) throw damaged(file);
  try {
    return decodeRecord(content);
  } catch (error) {
    throw damaged(file, error);
  }
}

function headerOf(digest: string): string {
  return JSON.stringify({ format: FORMAT, chain: digest });
}

function assertHeader(
  line: string | undefined,
  { file, digest }: { readonly file: string; readonly digest: string },
): void {
  const header = line === undefined ? undefined : contentOf(line);
  if (header === undefined) throw damaged(file);
  if (header === headerOf(digest)) return;
  const what = 'is of another simulated chain: its deposits file, block time or network manifest was different';
  throw problem(file, what, 'restore these, or begin with new data directories and markers on every validator');
}

async function openOrMake(
  file: string,
  { header, mayBeMade }: { readonly header: string; readonly mayBeMade: boolean },
): Promise<FileHandle> {
  // With O_DSYNC a write returns once its bytes are on disk.
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_DSYNC;
  try {
    return await open(file, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (!mayBeMade) {
    const what = 'is missing, but the store has seen a chain: of a Tempo node, or a simulated one that is lost';
    throw problem(file, what, 'use the chain.mode of before, or begin with a new data directory and marker');
  }
  await replaceFile(file, lineOf(header));
  return await open(file, flags);
}

function damaged(file: string, cause?: unknown): ConfigError {
  return problem(file, 'is damaged', 'begin with new data directories and markers on every validator', cause);
}

function problem(file: string, what: string, fix: string, cause?: unknown): ConfigError {
  return new ConfigError([{ field: `journal of the simulated chain ${file}`, problem: what, fix }], { cause });
}
