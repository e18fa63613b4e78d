import type { PayerSigner } from '@fastpay/crypto';
import { type AccountId, type Hash, RejectError, type Slot, slotOf } from '@fastpay/protocol';
import { bringUpToDate, isSomeoneBehind } from '../account/bring-up-to-date.ts';
import { readAccount } from '../account/read-account.ts';
import type { AccountSummary } from '../account/summary.ts';
import type { PaymentProgress } from '../client.ts';
import type { ClientCore } from '../core.ts';
import { isExpired, openEntriesOf } from './open-slot.ts';
import { hasQuorumAnswered } from './refusals.ts';
import { resendOrders, type Stalled } from './resend.ts';
import { runRounds } from './run-rounds.ts';
import { assertOwn } from './signing.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface FinishOptions {
  /** Whether to end the slot with what was signed for it, or with nothing in it; once cancelled, it stays so. */
  readonly aim: 'finish' | 'cancel';
  /** Without a key only what was journaled before is sent. */
  readonly signer: PayerSigner | undefined;
  readonly stopwatch: Stopwatch;
  readonly signal: AbortSignal | undefined;
}

/**
 * Ends the account's open slot (§5 rule 4, §7 rules 2, 3 and 8): by the identical bytes, or, where a quorum answers and
 * refuses them, by higher rounds. The last snapshot is `paid`, `skipped` or `stalled`; there is none without an open
 * slot.
 */
export async function* finishSlot(
  core: ClientCore,
  account: AccountId,
  { aim: asked, signer, stopwatch, signal }: FinishOptions,
): AsyncGenerator<PaymentProgress> {
  if (signer) assertOwn(core, signer);
  const [entry] = await core.store.openEntries(account);
  if (!entry) return;
  const slot = slotOf(entry.signedOrder.order);
  // Before anybody is asked: a cancellation that takes long must not become a payment when the app is opened again.
  if (asked === 'cancel') await core.store.wishToCancel(slot);
  const aim = (await core.store.isCancelWished(slot)) ? 'cancel' : asked;
  const summary = await tryToRead(core, account);
  if (summary && isSomeoneBehind(core, summary)) await bringUpToDate(core, account, summary);

  const resend = { summary, stopwatch, signal };
  const last = await core.store.round(slot);
  const isInRounds = last !== undefined && (signer !== undefined || last.proposal !== undefined);
  let hopeless: ReadonlySet<Hash> = new Set();
  if (aim === 'finish' && !isInRounds) {
    const stalled = yield* resendOrders(core, slot, resend);
    const [first] = stalled;
    if (!first) return;
    if (!signer || !stalled.some(({ last: { votes, failures } }) => hasQuorumAnswered(core, votes, failures))) {
      yield first.last;
      return;
    }
    hopeless = await expiredOf(core, slot, stalled);
  }
  const ended = yield* runRounds(core, account, { entry, aim, signer, hopeless, ...resend });
  if (ended.type === 'stalled') yield ended.last;
}

/** Orders that can get no new vote, by this device's clock and by what was answered: either alone may be wrong. */
async function expiredOf(core: ClientCore, slot: Slot, stalled: readonly Stalled[]): Promise<ReadonlySet<Hash>> {
  const refused = new Set(
    stalled.flatMap(({ last: { transactionHash, failures } }) =>
      [...failures.values()].some(({ code }) => code === 'EXPIRED') ? [transactionHash] : [],
    ),
  );
  const entries = await openEntriesOf(core, slot);
  const expired = entries.filter((entry) => refused.has(entry.transactionHash) && isExpired(core, entry));
  return new Set(expired.map(({ transactionHash }) => transactionHash));
}

/** Without an answer the bytes go out all the same: whoever is asked may be the one that is reached. */
async function tryToRead(core: ClientCore, account: AccountId): Promise<AccountSummary | undefined> {
  try {
    return await readAccount(core, account);
  } catch (error) {
    if (error instanceof RejectError) return undefined;
    throw error;
  }
}
