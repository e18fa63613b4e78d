import { useNotices } from './WalletContext.ts';

/** What happens without a focus change is said here, once. */
export function Announcer() {
  const { text, count } = useNotices((state) => state.polite);
  // The same text twice is two messages: the no-break space makes the second one differ.
  return (
    <div className="visually-hidden" role="status" aria-live="polite" data-testid="announcer">
      {count % 2 ? text : `${text}\u00a0`}
    </div>
  );
}
