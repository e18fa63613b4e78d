import { Worker } from 'node:worker_threads';
import type { Batch, BatchResult } from './batch.ts';

export interface PoolOptions {
  readonly threads: number;
  readonly batches: Iterable<Batch>;
  /** Loaded before the worker's own module; for mutations. */
  readonly preload?: { readonly url: string; readonly data: unknown };
  /** Ends when it answers true: no further batch is begun. */
  onResult(result: BatchResult): boolean;
}

/** Runs batches on threads of their own. @throws Error when a thread dies. */
export async function runPool({ threads, batches, preload, onResult }: PoolOptions): Promise<void> {
  const iterator = batches[Symbol.iterator]();
  let isOver = false;

  async function runThread(): Promise<void> {
    let next = iterator.next();
    if (next.done || isOver) return;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: preload?.data,
      ...(preload && { execArgv: ['--import', preload.url] }),
    });
    const died = new Promise<never>((_resolve, reject) => {
      worker.once('error', reject);
    });
    try {
      while (!next.done && !isOver) {
        const answer = new Promise<BatchResult>((resolve) => {
          worker.once('message', resolve);
        });
        worker.postMessage(next.value);
        if (onResult(await Promise.race([answer, died]))) isOver = true;
        next = isOver ? next : iterator.next();
      }
    } finally {
      await worker.terminate();
    }
  }

  await Promise.all(Array.from({ length: threads }, runThread));
}

/** Consecutive seeds in batches small enough that no thread ends long after the others. */
export function* batchesOf(
  first: number,
  count: number,
  options: Omit<Batch, 'first' | 'count'>,
  size = 25,
): Generator<Batch> {
  for (let done = 0; done < count; done += size) {
    yield { first: first + done, count: Math.min(size, count - done), ...options };
  }
}
