import { useTempo } from '../../app/WalletContext.ts';
import type { TempoActionType } from '../../state/tempoRecord.ts';
import { RecordProgress } from './RecordProgress.tsx';

/** The transactions of these kinds that this device follows, newest first. */
export function Records({ types }: { readonly types: readonly TempoActionType[] }) {
  const records = useTempo((state) => state.records);
  return records
    .filter(({ type }) => types.includes(type))
    .map((record) => <RecordProgress key={record.transactionHash} record={record} />);
}
