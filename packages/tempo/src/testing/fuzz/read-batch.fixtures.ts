import {
  type Address,
  addressFromBytes,
  type Hash,
  hashFromBytes,
  type SignerSignature,
  toHex,
} from '@fastpay/protocol';

/** A batch read back from its bytes, as contracts/Batches.sol and contracts/Entries.sol describe them in words. */
export interface ReadBatch {
  readonly asset: Address;
  readonly epoch: bigint;
  /** epoch u64 ‖ members, as they stand there, in hexadecimal. */
  readonly committee: string;
  /** Undefined: not the bytes of one entry. */
  readonly entries: readonly (ReadEntry | undefined)[];
}

export interface ReadEntry {
  /** 255: SKIP. */
  readonly kind: number;
  readonly sender: Address;
  readonly recipient: Address;
  readonly sequence: bigint;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly validUntil: bigint;
  readonly memo: Hash;
  readonly parents: readonly Hash[];
  readonly round: number;
  readonly commits: readonly SignerSignature[];
  readonly payerSignature: Uint8Array;
}

const MEMBER_BYTES = 28;
const MAX_PARENTS = 8;
const MAX_SIGNATURE_BYTES = 2_049;
const ZEROS = hashFromBytes(new Uint8Array(32));

/** How many entries a batch says that it has; undefined when it ends before it says so. */
export function entryCountIn(bytes: Uint8Array): number | undefined {
  try {
    const cursor = createCursor(bytes);
    readHeader(cursor);
    return cursor.number(2);
  } catch (error) {
    if (error instanceof EndedEarly) return undefined;
    throw error;
  }
}

function readHeader(cursor: Cursor) {
  const asset = addressFromBytes(cursor.take(20));
  const memberCount = cursor.number(1);
  const committee = cursor.take(8 + memberCount * MEMBER_BYTES);
  const accounts = cursor.times(cursor.number(2), () => addressFromBytes(cursor.take(20)));
  return { asset, committee, accounts };
}

/** Undefined when the batch as a whole cannot be read. */
export function readBatch(bytes: Uint8Array, isAttested: boolean): ReadBatch | undefined {
  try {
    const cursor = createCursor(bytes);
    const { asset, committee, accounts } = readHeader(cursor);
    if (accounts.some((account, index) => index > 0 && account <= (accounts[index - 1] as Address))) return undefined;
    const bodies = cursor.times(cursor.number(2), () => cursor.take(cursor.number(2)));
    if (!cursor.isAtEnd()) return undefined;
    const entries = bodies.map((body) => readEntry(body, accounts, isAttested));
    return { asset, epoch: BigInt(toHex(committee.slice(0, 8))), committee: toHex(committee), entries };
  } catch (error) {
    if (error instanceof EndedEarly) return undefined;
    throw error;
  }
}

function readEntry(body: Uint8Array, accounts: readonly Address[], isAttested: boolean): ReadEntry | undefined {
  try {
    const cursor = createCursor(body);
    const kind = cursor.number(1);
    const sender = accounts[cursor.number(2)];
    const sequence = cursor.big(8);
    const recipient = accounts[cursor.number(2)];
    const [amount, fee] = [cursor.big(8), cursor.big(8)];
    const shape = cursor.number(1);
    const validUntil = cursor.big(8);
    const memo = shape >= 128 ? hashFromBytes(cursor.take(32)) : ZEROS;
    const parents = cursor.times(shape % 128, () => hashFromBytes(cursor.take(32)));
    const round = isAttested ? 0 : cursor.number(4);
    const commits = cursor.times(isAttested ? 0 : cursor.number(1), () => ({
      signer: cursor.number(1),
      signature: cursor.take(65),
    }));
    const payerSignature = cursor.rest();
    if (!sender || !recipient || parents.length > MAX_PARENTS) return undefined;
    if (payerSignature.length > MAX_SIGNATURE_BYTES) return undefined;
    const order = { kind, sender, recipient, sequence, amount, fee, validUntil, memo, parents };
    return { ...order, round, commits, payerSignature };
  } catch (error) {
    if (error instanceof EndedEarly) return undefined;
    throw error;
  }
}

/** (signer u8 ‖ r 32 ‖ s 32 ‖ v u8) each; undefined when the bytes end inside one. */
export function readSignatures(bytes: Uint8Array): readonly SignerSignature[] | undefined {
  const SIGNATURE_BYTES = 66;
  if (bytes.length % SIGNATURE_BYTES !== 0) return undefined;
  return Array.from({ length: bytes.length / SIGNATURE_BYTES }, (_, index) => {
    const start = index * SIGNATURE_BYTES;
    return { signer: bytes[start] as number, signature: bytes.slice(start + 1, start + SIGNATURE_BYTES) };
  });
}

type Cursor = ReturnType<typeof createCursor>;

class EndedEarly extends Error {}

function createCursor(bytes: Uint8Array) {
  let position = 0;
  function take(length: number): Uint8Array {
    if (position + length > bytes.length) throw new EndedEarly();
    position += length;
    return bytes.slice(position - length, position);
  }
  const big = (length: number) => BigInt(toHex(take(length)));
  return {
    take,
    big,
    number: (length: number) => Number(big(length)),
    times: <Item>(count: number, read: () => Item): readonly Item[] => Array.from({ length: count }, read),
    rest: () => take(bytes.length - position),
    isAtEnd: () => position === bytes.length,
  };
}
