/**
 * The name of a slot that one of two ledgers has resolved and the other has not, or with another value (§12 I5).
 * Undefined if they have resolved the same. Names and values as in `Ledger.resolved`.
 */
export function firstDifference(
  left: ReadonlyMap<string, string>,
  right: ReadonlyMap<string, string>,
): string | undefined {
  for (const [slot, value] of left) if (right.get(slot) !== value) return slot;
  for (const slot of right.keys()) if (!left.has(slot)) return slot;
  return undefined;
}
