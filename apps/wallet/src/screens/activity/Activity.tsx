import { useMemo, useState } from 'react';
import { useNameOf } from '../../app/useNames.ts';
import { useNow } from '../../app/useNow.ts';
import { useAccount, useTempo } from '../../app/WalletContext.ts';
import { EntryRow, entryKey } from '../../components/ActivityRow.tsx';
import { IconButton } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Icon } from '../../components/Icon.tsx';
import { ScreenHeader } from '../../components/ScreenHeader.tsx';
import { Segmented } from '../../components/Segmented.tsx';
import {
  type Filter,
  filters,
  groupByDay,
  mergeEntries,
  selectItems,
  selectRecords,
} from '../../state/activityList.ts';
import { plural } from '../../state/format.ts';
import styles from './Activity.module.css';

const filterNames: Record<Filter, string> = { all: 'All', sent: 'Sent', received: 'Received', pending: 'Pending' };

export function Activity() {
  const items = useAccount((state) => state.items);
  const loaded = useAccount((state) => state.itemsLoaded);
  const nameOf = useNameOf();
  const now = useNow(60_000);
  const [filter, setFilter] = useState<Filter>('all');
  const [search, setSearch] = useState('');
  const records = useTempo((state) => state.records);
  const selected = useMemo(
    () =>
      mergeEntries(selectItems(items, { filter, search, nameOf }), selectRecords(records, { filter, search, nameOf })),
    [items, records, filter, search, nameOf],
  );
  const days = useMemo(() => groupByDay(selected, now), [selected, now]);

  return (
    <>
      <ScreenHeader title="Activity" />
      <div className={styles.tools}>
        <label className={styles.search}>
          <Icon name="search" size={18} />
          <span className="visually-hidden">Search</span>
          <input
            type="search"
            placeholder="Name, address, amount or hash"
            value={search}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setSearch(event.target.value)}
          />
          {search !== '' && <IconButton icon="close" label="Clear the search" onClick={() => setSearch('')} />}
        </label>
        <Segmented
          label="Show"
          value={filter}
          options={filters.map((value) => ({ value, text: filterNames[value] }))}
          onChange={setFilter}
        />
      </div>
      <p className="visually-hidden" role="status">
        {plural(selected.length, 'entry', 'entries')} shown
      </p>
      {days.map(({ day, title, entries }) => (
        <section key={day} className={styles.day} aria-label={title}>
          <h2 className={styles.dayTitle}>{title}</h2>
          <ul>
            {entries.map((entry) => (
              <li key={entryKey(entry)}>
                <EntryRow entry={entry} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {loaded && selected.length === 0 && (
        <Empty icon="activity" title={items.length + records.length === 0 ? 'Nothing here yet' : 'No payment matches'}>
          {items.length + records.length === 0
            ? 'Every payment is listed here with its certificate, on this device, once this browser has verified it.'
            : 'Try fewer letters or another filter.'}
        </Empty>
      )}
    </>
  );
}
