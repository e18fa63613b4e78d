import type { Kv } from '@fastpay/storage';
import { runSidecar } from '../src/process/run.ts';
import { openStore } from '../src/store/open-store.ts';

/**
 * The sidecar on a store that fails at the first record which holds the bytes FAIL_ON (hexadecimal), as HOW says:
 * `kill`: SIGKILL to this process in the very turn in which the record has become durable, before anything that waits
 * for it can go on, which is the worst moment between a vote and its answer;
 * `refuse`: nothing is written, and the store says so, as on a full disk.
 */
const failOn = Buffer.from(process.env.FAIL_ON ?? '', 'hex');
const how = process.env.HOW;

await runSidecar(process.argv.slice(2), {
  openKv: async (directory) => {
    const kv = await openStore(directory);
    const failing: Kv = {
      get: (key) => kv.get(key),
      range: (options) => kv.range(options),
      async write(batch) {
        const holdsIt = batch.some(
          (operation) => operation.type === 'put' && Buffer.from(operation.value).includes(failOn),
        );
        if (holdsIt && how === 'refuse') throw new Error('no space left on device');
        await kv.write(batch);
        if (holdsIt && how === 'kill') process.kill(process.pid, 'SIGKILL');
      },
      close: () => kv.close(),
    };
    return failing;
  },
});
