import { lazy, Suspense, useEffect, useRef } from 'react';
import { Home } from '../screens/home/Home.tsx';
import { ArrivalDialog } from './Arrival.tsx';
import { loaders } from './loaders.ts';
import { Rail } from './Rail.tsx';
import type { Screen } from './router.ts';
import styles from './Shell.module.css';
import { SidePanel } from './SidePanel.tsx';
import { StatusStrip } from './StatusStrip.tsx';
import { TabBar } from './TabBar.tsx';
import { useRoute } from './useRoute.ts';

const Pay = lazy(loaders.pay);
const Payment = lazy(loaders.payment);
const Receive = lazy(loaders.receive);
const Tempo = lazy(loaders.tempo);
const Activity = lazy(loaders.activity);
const Transaction = lazy(loaders.transaction);
const Network = lazy(loaders.network);
const Settings = lazy(loaders.settings);

const titles: Record<Screen, string> = {
  home: 'Home',
  pay: 'Pay',
  amount: 'Pay · amount',
  review: 'Pay · review',
  payment: 'Payment',
  receive: 'Receive',
  deposit: 'Deposit',
  withdraw: 'Withdraw',
  send: 'Send on Tempo',
  exit: 'Exit',
  activity: 'Activity',
  transaction: 'Payment details',
  network: 'Network',
  settings: 'Settings',
};

function Current({ screen, id }: { readonly screen: Screen; readonly id: string | undefined }) {
  switch (screen) {
    case 'home':
      return <Home />;
    case 'pay':
    case 'amount':
    case 'review':
      return <Pay step={screen} />;
    case 'payment':
      return <Payment />;
    case 'receive':
      return <Receive />;
    case 'deposit':
    case 'withdraw':
    case 'send':
    case 'exit':
      return <Tempo screen={screen} />;
    case 'activity':
      return <Activity />;
    case 'transaction':
      return <Transaction hash={id ?? ''} />;
    case 'network':
      return <Network />;
    case 'settings':
      return <Settings />;
  }
}

/** The frame around an open account: where one is, where one can go, and what the network does meanwhile. */
export function Shell() {
  const { screen, id } = useRoute();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);

  useEffect(() => {
    document.title = screen === 'home' ? 'FastPay' : `${titles[screen]} · FastPay`;
    if (first.current) {
      first.current = false;
      return;
    }
    window.scrollTo(0, 0);
    main.current?.scrollTo(0, 0);
    // A person who cannot see the change is taken to it, unless the screen has chosen a place to begin.
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
  }, [screen]);

  return (
    <div className={styles.shell} data-screen={screen}>
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <StatusStrip />
      <Rail screen={screen} />
      <main ref={main} className={styles.main} tabIndex={-1} aria-label={titles[screen]}>
        <div className={styles.content}>
          <Suspense fallback={<div className={styles.loading} aria-busy="true" />}>
            <Current screen={screen} id={id} />
          </Suspense>
        </div>
      </main>
      <SidePanel />
      <TabBar screen={screen} />
      <ArrivalDialog screen={screen} />
    </div>
  );
}
