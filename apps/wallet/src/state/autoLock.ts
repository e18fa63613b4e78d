/** Locks after a time without use; the clock also runs while the window is hidden or the machine sleeps. */

const SIGNS_OF_USE = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
const CHECK_EVERY_MS = 5_000;

export interface AutoLockOptions {
  /** 0 never. */
  readonly minutes: () => number;
  /** A payment in flight finishes first. */
  readonly mayLock: () => boolean;
  readonly lock: () => void;
}

export function startAutoLock({ minutes, mayLock, lock }: AutoLockOptions): () => void {
  let lastUse = Date.now();
  const used = () => {
    check();
    lastUse = Date.now();
  };
  const check = () => {
    const allowedMs = minutes() * 60_000;
    if (allowedMs > 0 && Date.now() - lastUse >= allowedMs && mayLock()) lock();
  };
  const timer = setInterval(check, CHECK_EVERY_MS);
  for (const sign of SIGNS_OF_USE) addEventListener(sign, used, { passive: true });
  document.addEventListener('visibilitychange', check);
  return () => {
    clearInterval(timer);
    for (const sign of SIGNS_OF_USE) removeEventListener(sign, used);
    document.removeEventListener('visibilitychange', check);
  };
}
