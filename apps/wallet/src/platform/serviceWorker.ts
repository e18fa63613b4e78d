/** Keeps the wallet openable offline, and new builds waiting until somebody agrees. */

const CHECK_EVERY_MS = 30 * 60_000;

export interface ServiceWorkerHooks {
  /** A new build is ready; `apply` switches this and every other window to it. */
  onUpdate(apply: () => void): void;
  /** Whether this window may be reloaded now; another window may have asked for the switch. */
  mayReload(): boolean;
}

export async function registerServiceWorker(url: string, { onUpdate, mayReload }: ServiceWorkerHooks): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  // The first worker takes over nothing: it serves from the next start on.
  let hadController = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', () => {
    if (hadController && mayReload()) location.reload();
    hadController = true;
  });
  const registration = await serviceWorker.register(url, { updateViaCache: 'none' });

  const offer = (worker: ServiceWorker) => onUpdate(() => worker.postMessage({ type: 'SKIP_WAITING' }));
  if (registration.waiting && hadController) offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && serviceWorker.controller) offer(worker);
    });
  });

  const check = () => {
    if (document.visibilityState !== 'visible') return;
    // Offline, or the server is down: the next check asks again.
    registration.update().catch(() => undefined);
  };
  setInterval(check, CHECK_EVERY_MS);
  document.addEventListener('visibilitychange', check);
}

const RELOADED = 'fastpay.reloaded';
const ONCE_PER_MS = 60_000;

/** A chunk of an older build that is gone: the page is loaded anew, but never in a circle. */
export function reloadOnceOnMissingChunk(mayReload: () => boolean): void {
  addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
    if (!mayReload() || Date.now() - last < ONCE_PER_MS) return;
    event.preventDefault();
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
  });
}
