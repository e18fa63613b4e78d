import { useSyncExternalStore } from 'react';
import { formatHash, parseHash, type Route, type Screen } from './router.ts';

let hash = location.hash;
let route = parseHash(hash);

function snapshot(): Route {
  if (location.hash !== hash) {
    hash = location.hash;
    route = parseHash(hash);
  }
  return route;
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, snapshot);
}

export function navigate(screen: Screen, id?: string, query?: Record<string, string>): void {
  location.hash = formatHash(screen, id, query);
}

/** Takes the place of the present history entry, so that Back does not return to a step that is over. */
export function redirect(screen: Screen, id?: string): void {
  location.replace(formatHash(screen, id));
}

export function goBack(fallback: Screen): void {
  if (history.length > 1) history.back();
  else navigate(fallback);
}
