import type { Kv } from '@fastpay/storage';
import { runSidecar } from '../src/process/run.ts';
import { openStore } from '../src/store/open-store.ts';

/**
 * The sidecar on a store that kills its own process with SIGKILL in the very turn in which a record has become
 * durable, before anything that waits for it can go on: the worst moment between a vote and its answer.
 * The record is the one numbered KILL_AT (from 1) of those that hold the bytes KILL_ON (hexadecimal).
 */
const killOn = Buffer.from(process.env.KILL_ON ?? '', 'hex');
const killAt = Number(process.env.KILL_AT ?? '1');
let seen = 0;

await runSidecar(process.argv.slice(2), {
  openKv: async (directory) => {
    const kv = await openStore(directory);
    const killing: Kv = {
      get: (key) => kv.get(key),
      range: (options) => kv.range(options),
      async write(batch) {
        const holdsIt = batch.some(
          (operation) => operation.type === 'put' && Buffer.from(operation.value).includes(killOn),
        );
        await kv.write(batch);
        if (!holdsIt) return;
        seen++;
        if (seen === killAt) process.kill(process.pid, 'SIGKILL');
      },
      close: () => kv.close(),
    };
    return killing;
  },
});
