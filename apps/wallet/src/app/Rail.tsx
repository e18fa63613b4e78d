import { Icon } from '../components/Icon.tsx';
import { Logo } from '../components/Logo.tsx';
import { AccountButton } from './AccountButton.tsx';
import { destinations, sectionOf } from './navigation.ts';
import styles from './Rail.module.css';
import { formatHash, type Screen } from './router.ts';

/** The desktop's navigation. */
export function Rail({ screen }: { readonly screen: Screen }) {
  const section = sectionOf(screen);
  const link = (target: Screen, name: string, icon: (typeof destinations)[number]['icon']) => (
    <a
      key={target}
      className={styles.link}
      href={formatHash(target)}
      aria-current={section === target ? 'page' : undefined}
    >
      <Icon name={icon} />
      <span>{name}</span>
    </a>
  );
  return (
    <header className={styles.rail}>
      <a className={styles.brand} href={formatHash('home')}>
        <Logo />
        <span>FastPay</span>
      </a>
      <nav className={styles.links} aria-label="Main">
        {destinations.map(({ screen, name, icon }) => link(screen, name, icon))}
      </nav>
      <div className={styles.foot}>
        {link('settings', 'Settings', 'settings')}
        <AccountButton />
      </div>
    </header>
  );
}
