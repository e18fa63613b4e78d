import { Icon } from '../components/Icon.tsx';
import { destinations, sectionOf } from './navigation.ts';
import { formatHash, type Screen } from './router.ts';
import styles from './TabBar.module.css';

const tabs: readonly Screen[] = ['home', 'activity', 'pay', 'receive', 'network'];

/** The phone's navigation, one thumb wide, with Pay in the middle. */
export function TabBar({ screen }: { readonly screen: Screen }) {
  if (screen === 'payment') return null;
  const section = sectionOf(screen);
  return (
    <nav className={styles.bar} aria-label="Main">
      {tabs
        .flatMap((tab) => destinations.filter((destination) => destination.screen === tab))
        .map(({ screen, name, icon }) => (
          <a
            key={screen}
            className={styles.tab}
            data-central={screen === 'pay' || undefined}
            href={formatHash(screen)}
            aria-current={section === screen ? 'page' : undefined}
          >
            <span className={styles.icon}>
              <Icon name={icon} size={22} />
            </span>
            <span className={styles.name}>{name}</span>
          </a>
        ))}
    </nav>
  );
}
