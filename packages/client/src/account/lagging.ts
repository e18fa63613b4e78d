import { limits } from '@fastpay/protocol';
import { lowest } from './extremes.ts';

/**
 * The slots below `next` that the furthest behind has not resolved, oldest first, as far back as a commit certificate
 * would still be taken in there (§5 rule 3).
 */
export function slotsToCatchUp(heard: readonly { readonly next: bigint }[], next: bigint): readonly bigint[] {
  const furthest = lowest(
    heard.map((one) => one.next),
    next,
  );
  const window = next - limits.resolveWindowSlots;
  const slots: bigint[] = [];
  for (let slot = next - 1n; slot >= furthest && slot >= window; slot--) slots.push(slot);
  return slots.reverse();
}
