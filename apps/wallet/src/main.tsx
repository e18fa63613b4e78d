import { start } from './app/start.tsx';
import { createPlatform } from './platform/compose.ts';
import { registerServiceWorker, reloadOnceOnMissingChunk } from './platform/serviceWorker.ts';
import { allowOwnWorkers } from './platform/trustedTypes.ts';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no place for the wallet');

allowOwnWorkers();
const wallet = start(createPlatform(), root);
reloadOnceOnMissingChunk(() => !wallet.isBusy());

if (import.meta.env.PROD) {
  registerServiceWorker('/sw.js', {
    onUpdate: (apply) => wallet.update.getState().offer(apply),
    mayReload: () => !wallet.isBusy(),
  }).catch(() => {
    // Private modes and insecure origins refuse it; everything but opening offline works without.
    wallet.notices.getState().toast('This browser will not keep the wallet for offline use.');
  });
}
