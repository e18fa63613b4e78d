import { openLmdbKv } from '@fastpay/storage/lmdb';
import { runSidecar } from './process/run.ts';

await runSidecar(process.argv.slice(2), { openKv: (directory) => openLmdbKv({ directory }) });
