import { lazy, Suspense, useEffect } from 'react';
import { Announcer } from './Announcer.tsx';
import styles from './App.module.css';
import { Boundary } from './Boundary.tsx';
import { loaders } from './loaders.ts';
import { Shell } from './Shell.tsx';
import { Toasts } from './Toasts.tsx';
import { useTheme } from './useTheme.ts';
import { useSessionState } from './WalletContext.ts';

const Welcome = lazy(loaders.welcome);
const Lock = lazy(loaders.lock);
const Missing = lazy(loaders.missing);
const NetworkChanged = lazy(loaders.networkChanged);
const Unreachable = lazy(loaders.unreachable);

function Screen() {
  const phase = useSessionState((state) => state.phase);
  switch (phase.name) {
    case 'starting':
      return <div className={styles.starting} aria-busy="true" />;
    case 'unreachable':
      return <Unreachable problem={phase.problem} />;
    case 'welcome':
      return <Welcome />;
    case 'locked':
      return <Lock />;
    case 'missing':
      return <Missing marker={phase.marker} />;
    case 'network-changed':
      return <NetworkChanged pinned={phase.pinned} served={phase.served} />;
    case 'open':
      return <Shell key={phase.session.address} />;
  }
}

/** Fetches the other screens while nothing happens, so that the first tap on each is instant. */
function useWarmup(): void {
  useEffect(() => {
    const warm = () => {
      // A chunk that cannot be fetched now is fetched, and its failure reported, when its screen is opened.
      for (const load of Object.values(loaders)) load().catch(() => undefined);
    };
    const timer = setTimeout(() => ('requestIdleCallback' in window ? requestIdleCallback(warm) : warm()), 1_200);
    return () => clearTimeout(timer);
  }, []);
}

export function App() {
  useTheme();
  useWarmup();
  return (
    <Boundary>
      <Suspense fallback={<div className={styles.starting} aria-busy="true" />}>
        <Screen />
      </Suspense>
      <Toasts />
      <Announcer />
    </Boundary>
  );
}
