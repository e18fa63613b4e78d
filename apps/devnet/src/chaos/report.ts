import type { Outcome } from './run.ts';

const NAME_WIDTH = 52;

function rows(title: string, counts: Iterable<readonly [string, number | string]>): readonly string[] {
  const lines = [...counts].map(([name, count]) => `  ${name.padEnd(NAME_WIDTH)} ${String(count).padStart(7)}`);
  return lines.length > 0 ? [title, ...lines, ''] : [];
}

/** A run, for people. */
export function report(
  outcome: Outcome,
  { seconds, seed }: { readonly seconds: number; readonly seed: string },
): string {
  const { book, injected, notInjected, violations, certificates, settled, exits, endedByDisk, killsInLoops } = outcome;
  const ends = endsOf(outcome);
  const total = [...injected.values()].reduce((sum, count) => sum + count, 0);
  return [
    '',
    ...rows(
      `Injected (${total})`,
      [...injected].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
    ...(notInjected.length > 0 ? [`Too short for: ${notInjected.join(', ')}`, ''] : []),
    ...rows('Load', [
      ['payments begun', book.intents.size],
      ['  seen paid by their wallet', ends.paid],
      ['  seen ended without being paid', ends.skipped],
      ['  never signed, or refused before they were sent', book.intents.size - ends.paid - ends.skipped],
      ...Object.entries(book.counts),
      ['exits', exits],
      ['kills in loops', killsInLoops],
      ['validators that ended because of their disk', endedByDisk],
    ]),
    ...rows('Refusals that wallets met', book.refusals),
    ...rows('Left in the end', [
      ['certificates', certificates],
      ['slots settled on chain', settled],
    ]),
    ...violations.map((violation) => `✗ ${violation}`),
    violations.length === 0
      ? `✓ Nothing lost, nothing twice (seed ${seed}, ${seconds} s of faults).`
      : `✗ ${violations.length} violations (seed ${seed}, ${seconds} s of faults).`,
  ].join('\n');
}

/** By intent; an intent that one device saw paid was paid, whatever another one saw of a rival order. */
function endsOf({ book }: Outcome): { readonly paid: number; readonly skipped: number } {
  const memos = (end: 'paid' | 'skipped') =>
    new Set(book.endings.filter((ending) => ending.end === end).map(({ memo }) => memo));
  const paid = memos('paid');
  const skipped = [...memos('skipped')].filter((memo) => !paid.has(memo));
  return { paid: paid.size, skipped: skipped.length };
}
