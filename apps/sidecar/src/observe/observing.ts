import type { ObservingReason } from '@fastpay/validator';

const whys: Readonly<Record<ObservingReason, string>> = {
  retired: 'the signing marker says that these keys must not sign from here any more',
  storeReplaced: 'the store was made anew under keys that have signed before',
  storeRolledBack: 'the store is older than what was signed with these keys',
  markerMissing: 'the store has signed, but there is no signing marker to tell whether it is the newest',
};

/** Why a validator never signs again (§5), for logs and /readyz. */
export function whyObserving(reason: ObservingReason): string {
  return `OBSERVING ONLY: ${whys[reason]}. It serves, syncs and settles, and never signs again until the committee changes`;
}
