import { parentPort } from 'node:worker_threads';
import { type Batch, runBatch } from './batch.ts';

/** One thread of many: takes batches, gives results. */

// A refusal is a value here: thousands of stacks that nobody reads would cost a tenth of the time.
Error.stackTraceLimit = 0;

parentPort?.on('message', async (batch: Batch) => {
  parentPort?.postMessage(await runBatch(batch));
});
