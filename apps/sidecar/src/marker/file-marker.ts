import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Hash } from '@fastpay/protocol';
import type { Marker, MarkerState } from '@fastpay/storage';
import { ConfigError } from '../config/error.ts';
import { replaceFile } from '../store/replace-file.ts';
import { decodeRecord, encodeRecord, type MarkerRecord, RECORD_BYTES } from './record.ts';

/** Two records far enough apart to share neither a sector nor a page: a write that is cut off spoils one of them only. */
const SLOT_OFFSETS = [0, 4_096] as const;

export interface FileMarker extends Marker {
  close(): Promise<void>;
}

/**
 * The signing marker in a file of its own (§5), made when absent and bound to the voting key. Each write goes into the
 * older of two records and is on disk when it resolves, so the other stands until then.
 * @throws ConfigError when the file belongs to other keys, holds no whole record, or cannot be used.
 */
export async function openFileMarker(file: string, votingKey: Hash): Promise<FileMarker> {
  const handle = await openOrMake(file, votingKey);
  try {
    let newest = await readNewest(handle, { file, votingKey });
    return {
      read: () => copyOf(newest.state),
      async write(state) {
        const next: MarkerRecord = { generation: newest.generation + 1n, state: copyOf(state) };
        const bytes = encodeRecord(votingKey, next);
        const { bytesWritten } = await handle.write(bytes, 0, bytes.length, offsetOf(next.generation));
        if (bytesWritten !== bytes.length) throw new Error('the marker was written in part only');
        newest = next;
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openOrMake(file: string, votingKey: Hash): Promise<FileHandle> {
  // With O_DSYNC a write returns once its bytes are on disk.
  const flags = constants.O_RDWR | constants.O_DSYNC;
  try {
    return await open(file, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unusable(file, error);
  }
  try {
    await make(file, votingKey);
    return await open(file, flags);
  } catch (error) {
    throw unusable(file, error);
  }
}

/** Under its name only when it is whole: a start that was cut off must not look like damage. */
async function make(file: string, votingKey: Hash): Promise<void> {
  const content = Buffer.alloc(SLOT_OFFSETS[1] + RECORD_BYTES);
  content.set(encodeRecord(votingKey, { generation: 0n }), offsetOf(0n));
  await replaceFile(file, content);
}

async function readNewest(
  handle: FileHandle,
  { file, votingKey }: { readonly file: string; readonly votingKey: Hash },
): Promise<MarkerRecord> {
  let newest: MarkerRecord | undefined;
  for (const offset of SLOT_OFFSETS) {
    const bytes = Buffer.alloc(RECORD_BYTES);
    await handle.read(bytes, 0, RECORD_BYTES, offset);
    const read = decodeRecord(votingKey, bytes);
    if (read.type === 'otherKey') {
      throw problem(file, 'belongs to other keys', 'give each validator a marker file of its own');
    }
    if (read.type === 'record' && (!newest || read.record.generation > newest.generation)) newest = read.record;
  }
  if (newest) return newest;
  throw problem(
    file,
    'is damaged: whether this store is the newest cannot be told, and signing could be double signing',
    'restore the file, or use new keys; without the keys of a lost marker a validator must not sign',
  );
}

function offsetOf(generation: bigint): number {
  return SLOT_OFFSETS[generation % 2n === 0n ? 0 : 1];
}

function copyOf(state: MarkerState): MarkerState;
function copyOf(state: MarkerState | undefined): MarkerState | undefined;
function copyOf(state: MarkerState | undefined): MarkerState | undefined {
  return state && { ...state, storeId: Uint8Array.from(state.storeId) };
}

function unusable(file: string, cause: unknown): ConfigError {
  const { code } = cause as NodeJS.ErrnoException;
  return problem(
    file,
    `cannot be used (${code ?? 'unknown reason'})`,
    'the directory must exist and be writable',
    cause,
  );
}

function problem(file: string, what: string, fix: string, cause?: unknown): ConfigError {
  return new ConfigError([{ field: `markerFile ${file}`, problem: what, fix }], { cause });
}
