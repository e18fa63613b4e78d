import { runSidecar } from './process/run.ts';

await runSidecar(process.argv.slice(2), {
  openKv: async (directory) => {
    const { openStore } = await import('./store/open-store.ts');
    return openStore(directory);
  },
});
