import { Code, ConnectError } from '@connectrpc/connect';

/** The body of an answer, read piece by piece, and never more of it at a time than was agreed. */
export interface ByteStream {
  /** Exactly so many bytes. @throws ConnectError when there are fewer, or when these are too many. */
  read(length: number): Promise<Uint8Array>;
  /** Everything that is left. @throws ConnectError when it is too long. */
  readAll(): Promise<Uint8Array>;
  /** Lets the other side know that nothing more is wanted. */
  cancel(): Promise<void>;
}

/** @param most Bytes that are held at a time. */
export function createByteStream(body: ReadableStream<Uint8Array> | null, most: number): ByteStream {
  const reader = body?.getReader();
  let chunks: Uint8Array[] = [];
  let held = 0;

  /** Whether there was more. */
  async function pull(): Promise<boolean> {
    const next = await reader?.read();
    if (next?.value === undefined) return false;
    chunks.push(next.value);
    held += next.value.length;
    return true;
  }

  function take(length: number): Uint8Array {
    const all = new Uint8Array(held);
    let offset = 0;
    for (const chunk of chunks) {
      all.set(chunk, offset);
      offset += chunk.length;
    }
    chunks = [all.subarray(length)];
    held -= length;
    return all.subarray(0, length);
  }

  async function tooLong(): Promise<ConnectError> {
    await reader?.cancel();
    return new ConnectError('the answer is too long', Code.ResourceExhausted);
  }

  return {
    async read(length) {
      if (length > most) throw await tooLong();
      while (held < length) {
        if (!(await pull())) throw new ConnectError('the answer broke off', Code.Unavailable);
      }
      return take(length);
    },
    async readAll() {
      while (await pull()) {
        if (held > most) throw await tooLong();
      }
      return take(held);
    },
    async cancel() {
      // A body that has failed has nothing left to let go of, and its failure has been told.
      await reader?.cancel().catch(() => undefined);
    },
  };
}
