import { type PayerSigner, verifySignedOrder } from '@fastpay/crypto';
import {
  type AccountId,
  assertValidOrder,
  type PaymentOrder,
  RejectError,
  type SignedOrder,
  transactionHash,
} from '@fastpay/protocol';
import { bringUpToDate, canEnoughFollow } from '../account/bring-up-to-date.ts';
import { readForSigning } from '../account/read-account.ts';
import { leastFee } from '../account/recipient.ts';
import type { AccountSummary } from '../account/summary.ts';
import type { PaymentIntent } from '../client.ts';
import { accountOf, type ClientCore } from '../core.ts';
import { PaymentPendingError } from '../errors.ts';
import { clientLimits } from '../limits.ts';
import type { JournalEntry, NewJournalEntry } from '../store/client-store.ts';
import { catchUp } from '../sync/catch-up.ts';
import { toPending } from './pending.ts';
import { planPayment } from './plan.ts';
import { alone, assertOwn, stoppedEarly, wrongSigner } from './signing.ts';

export interface SignedPayment {
  readonly entry: JournalEntry;
  /** What validators said of the account just before. */
  readonly summary: AccountSummary;
}

/**
 * Takes the account's next slot: reads, plans, signs, and journals the signed bytes durably (§7 rule 1), alone among
 * all tabs. Nothing has been sent when it returns; when it throws, nothing ever will be.
 * @throws RejectError, PaymentPendingError, StoreError, ClientError WRONG_SIGNER.
 */
export async function signPayment(
  core: ClientCore,
  intent: PaymentIntent,
  signer: PayerSigner,
  signal: AbortSignal | undefined,
): Promise<SignedPayment> {
  const account = accountOf(core, intent.asset);
  assertOwn(core, signer);
  return await alone(core, account, () => signAlone(core, account, intent, signer, signal), signal);
}

async function signAlone(
  core: ClientCore,
  account: AccountId,
  intent: PaymentIntent,
  signer: PayerSigner,
  signal: AbortSignal | undefined,
): Promise<SignedPayment> {
  await assertNothingPending(core, account);
  const [fee, first] = await Promise.all([leastFee(core, intent), readForSigning(core, account)]);
  const { order, summary } = await planWithCatchUp(core, account, { intent, fee, summary: first });
  assertValidOrder(order, core.network.domain.reserve);
  if (signal?.aborted) throw stoppedEarly();
  const signed = await sign(core, order, signer);
  const newEntry: NewJournalEntry = { ...signed, origin: 'signed', createdAtMs: core.clock.nowMs() };
  const answer = await core.store.journal(newEntry);
  if (answer.type === 'taken') throw await pendingError(core, answer.by);
  if (answer.type === 'resolved') {
    throw new RejectError('TEMPORARILY_UNAVAILABLE', 'another device of this account has just paid; try again');
  }
  return { entry: { ...newEntry, state: 'open', times: {} }, summary };
}

async function assertNothingPending(core: ClientCore, account: AccountId): Promise<void> {
  const [pending] = await core.store.openEntries(account);
  if (pending) throw await pendingError(core, pending);
}

async function pendingError(core: ClientCore, entry: JournalEntry): Promise<PaymentPendingError> {
  return new PaymentPendingError(await toPending(core, entry));
}

interface Reading {
  readonly intent: PaymentIntent;
  readonly fee: bigint;
  readonly summary: AccountSummary;
}

/**
 * Plans with what validators said; if by that the money is not there, some validator is past the slot, or too many are
 * too far behind it, takes in what this wallet misses, hands out what validators miss, and asks once more.
 */
async function planWithCatchUp(
  core: ClientCore,
  account: AccountId,
  reading: Reading,
): Promise<{ order: PaymentOrder; summary: AccountSummary }> {
  const plan = async (summary: AccountSummary) => {
    const received = await core.store.received(account, clientLimits.deliveredReceived);
    const deviceMs = BigInt(core.clock.nowMs());
    const order = planPayment(core.context.committee, { ...reading, owner: core.owner, summary, received, deviceMs });
    return { order, summary };
  };
  const { summary } = reading;
  const ahead = summary.standings.filter((standing) => standing.next > summary.next);
  // What validators hold in the slot may be over already, as those who are ahead would know.
  if (ahead.length === 0) await assertNothingPending(core, account);
  if (ahead.length === 0 && canEnoughFollow(summary)) {
    try {
      return await plan(summary);
    } catch (error) {
      if (!(error instanceof RejectError) || error.code !== 'INSUFFICIENT_FUNDS') throw error;
    }
  }
  if (ahead.length > 0) {
    await catchUp(
      core,
      ahead.map(({ signer }) => signer),
    );
  }
  await bringUpToDate(core, account, { ...summary, agreed: false });
  const again = await readForSigning(core, account);
  await assertNothingPending(core, account);
  return plan(again);
}

async function sign(
  core: ClientCore,
  order: PaymentOrder,
  signer: PayerSigner,
): Promise<{ transactionHash: NewJournalEntry['transactionHash']; signedOrder: SignedOrder }> {
  const digest = transactionHash(order, core.context.separator);
  const signedOrder = { order, payerSignature: await signer.sign(digest) };
  try {
    await verifySignedOrder(core.context, signedOrder);
  } catch (error) {
    // A signature that validators would refuse must not take the slot.
    throw wrongSigner('The signature that the key made does not verify.', error);
  }
  return { transactionHash: digest, signedOrder };
}
