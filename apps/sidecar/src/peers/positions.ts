import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex, toHex } from '@fastpay/protocol';
import { z } from 'zod';
import { replaceFile } from '../store/replace-file.ts';
import { BEGINNING, type Position } from './pull.ts';

/**
 * How far each peer's log was read, in a small file of its own: losing it only costs reading again. It is not part of
 * the money state, so it is dropped whenever it may be ahead of that: for another store, or one that knows less.
 */
export interface Positions {
  of(signer: number): Position;
  move(signer: number, position: Position): void;
  /** Writes what moved, if anything did; one write at a time. Never rejects: what could not be written is read again. */
  save(): Promise<void>;
}

const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^0x(?:[0-9a-f]{2}){${bytes}}$`)) as z.ZodType<`0x${string}`>;
const decimal = z.string().regex(/^\d{1,20}$/);
const schema = z.strictObject({
  storeId: hex(16),
  slotsResolved: decimal,
  peers: z.record(z.string().regex(/^\d{1,3}$/), z.strictObject({ storeId: hex(16), cursor: decimal })),
});

const MAX_FILE_BYTES = 65_536;

export function openPositions(
  { directory, storeId }: { readonly directory: string; readonly storeId: Uint8Array },
  { slotsResolved, onFailure }: { readonly slotsResolved: () => bigint; readonly onFailure: (error: unknown) => void },
): Positions {
  const file = join(directory, 'peers.json');
  const positions = new Map<number, Position>();
  const found = readPositions(file);
  if (found && found.storeId === toHex(storeId) && BigInt(found.slotsResolved) <= slotsResolved()) {
    for (const [signer, position] of Object.entries(found.peers)) {
      positions.set(Number(signer), { storeId: fromHex(position.storeId), cursor: BigInt(position.cursor) });
    }
  }
  let hasMoved = false;
  let saving: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    if (!hasMoved) return;
    hasMoved = false;
    const peers = [...positions].map(([signer, position]) => [
      String(signer),
      { storeId: toHex(position.storeId), cursor: String(position.cursor) },
    ]);
    const content = {
      storeId: toHex(storeId),
      slotsResolved: String(slotsResolved()),
      peers: Object.fromEntries(peers),
    };
    await replaceFile(file, JSON.stringify(content));
  }

  return {
    of: (signer) => positions.get(signer) ?? BEGINNING,
    move(signer, position) {
      positions.set(signer, position);
      hasMoved = true;
    },
    save() {
      saving = saving.then(write).catch((error: unknown) => {
        hasMoved = true;
        onFailure(error);
      });
      return saving;
    },
  };
}

function readPositions(file: string): z.output<typeof schema> | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  if (text.length > MAX_FILE_BYTES) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
