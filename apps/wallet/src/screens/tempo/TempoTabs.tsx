import { formatHash } from '../../app/router.ts';
import { Icon, type IconName } from '../../components/Icon.tsx';
import type { TempoScreen } from './Tempo.tsx';
import styles from './TempoTabs.module.css';

const tabs: readonly { readonly screen: TempoScreen; readonly name: string; readonly icon: IconName }[] = [
  { screen: 'deposit', name: 'Deposit', icon: 'deposit' },
  { screen: 'withdraw', name: 'Withdraw', icon: 'withdraw' },
  { screen: 'send', name: 'Send', icon: 'send' },
  { screen: 'exit', name: 'Exit', icon: 'exit' },
];

export function TempoTabs({ screen }: { readonly screen: TempoScreen }) {
  return (
    <nav className={styles.tabs} aria-label="Tempo">
      {tabs.map((tab) => (
        <a
          key={tab.screen}
          className={styles.tab}
          href={formatHash(tab.screen)}
          aria-current={tab.screen === screen ? 'page' : undefined}
        >
          <Icon name={tab.icon} size={16} />
          <span>{tab.name}</span>
        </a>
      ))}
    </nav>
  );
}
