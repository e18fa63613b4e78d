import { runSidecar } from './process/run.ts';
import { openStore } from './store/open-store.ts';

await runSidecar(process.argv.slice(2), { openKv: openStore });
