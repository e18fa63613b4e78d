import { type CryptoEngine, createVerificationContext, type PayerSigner } from '@fastpay/crypto';
import { type AccountId, type Address, type Network, orderCost } from '@fastpay/protocol';
import { bringUpToDate, doesSomeoneLag } from './account/bring-up-to-date.ts';
import { exitOf } from './account/exit.ts';
import { adoptFromAll, readAccount } from './account/read-account.ts';
import { leastFee } from './account/recipient.ts';
import type { AccountSummary } from './account/summary.ts';
import { listActivity } from './activity.ts';
import type { AccountView, Client, PaymentProgress } from './client.ts';
import { accountOf, type ClientCore } from './core.ts';
import { clientLimits } from './limits.ts';
import { finishSlot } from './payment/finish.ts';
import { toPending } from './payment/pending.ts';
import { sendOrder } from './payment/resend.ts';
import { signPayment } from './payment/sign-payment.ts';
import { createStopwatch } from './payment/stopwatch.ts';
import { type Clock, systemClock } from './ports/clock.ts';
import type { SigningLocks } from './ports/locks.ts';
import { type RandomBytes, systemRandom } from './ports/random.ts';
import { noWakeUps, type WakeUps } from './ports/wake.ts';
import type { ClientStore, JournalEntry } from './store/client-store.ts';
import { catchUp } from './sync/catch-up.ts';
import { fundingClosure, keepClosures } from './sync/closure.ts';
import { verifiedEvidence } from './sync/evidence.ts';
import { createMissingFinder } from './sync/find-missing.ts';
import { followAccount } from './sync/follow.ts';
import { takeIn } from './sync/take-in.ts';
import type { Transport } from './transport.ts';

export interface ClientOptions {
  /** Pinned: `pinNetwork` first. */
  readonly network: Network;
  readonly owner: Address;
}

export interface ClientDependencies {
  readonly store: ClientStore;
  readonly transport: Transport;
  readonly engine: CryptoEngine;
  readonly locks: SigningLocks;
  readonly clock?: Clock;
  readonly random?: RandomBytes;
  /** Cuts the pauses of `follow` short. */
  readonly wakeUps?: WakeUps;
}

/** Puts the client together; it holds no state of its own but the start times of running payments. */
export function createClient({ network, owner }: ClientOptions, dependencies: ClientDependencies): Client {
  const { engine, clock = systemClock, random = systemRandom, wakeUps = noWakeUps, ...ports } = dependencies;
  const context = createVerificationContext(network, engine);
  const core: ClientCore = { owner, network, context, clock, random, quorumReads: new Map(), ...ports };
  const stopwatch = createStopwatch(clock);
  const missing = createMissingFinder(core);
  const healedAtMs = new Map<Address, number>();

  /** Lets lagging validators catch up while the account is looked at, but not at every look. */
  async function readHealed(account: AccountId): Promise<AccountSummary> {
    const summary = await readAccount(core, account);
    const now = clock.monotonicMs();
    const isDue = now - (healedAtMs.get(account.asset) ?? Number.NEGATIVE_INFINITY) >= clientLimits.healEveryMs;
    if ((summary.agreed && !doesSomeoneLag(summary)) || !isDue) return summary;
    healedAtMs.set(account.asset, now);
    return (await bringUpToDate(core, account, summary)) ? readAccount(core, account) : summary;
  }

  async function* pay(...[intent, signer, signal]: Parameters<Client['pay']>): AsyncGenerator<PaymentProgress> {
    const { entry, summary } = await signPayment(core, intent, signer, signal);
    stopwatch.start(entry);
    const driven = yield* sendOrder(core, entry, { summary, stopwatch, signal });
    if (driven.type === 'stalled') yield driven.last;
  }

  async function* end(
    asset: Address,
    aim: 'finish' | 'cancel',
    signer: PayerSigner | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<PaymentProgress> {
    yield* finishSlot(core, accountOf(core, asset), { aim, signer, stopwatch, signal });
  }

  return {
    owner,
    async account(asset) {
      const account = accountOf(core, asset);
      const summary = await readHealed(account);
      const [pending] = await core.store.openEntries(account);
      return viewOf(account, summary, pending, clock.nowMs());
    },
    exitOf: (account) => exitOf(core, account),
    quoteFee: (intent) => leastFee(core, intent),
    pay,
    resume: (asset, signal) => end(asset, 'finish', undefined, signal),
    finish: (asset, signer, signal) => end(asset, 'finish', signer, signal),
    cancel: (asset, signer, signal) => end(asset, 'cancel', signer, signal),
    async pending(asset) {
      const account = accountOf(core, asset);
      const [entry] = await core.store.openEntries(account);
      return entry && (await toPending(core, entry));
    },
    async sync() {
      const { certificates, incomplete } = await catchUp(core);
      await adoptFromAll(core);
      if (incomplete) throw incomplete;
      const taken = [...certificates, ...(await missing.look())];
      await keepClosures(core, taken);
      return taken;
    },
    receive: (certificate) => takeIn(core, certificate),
    closure: (transactionHash) => fundingClosure(core, transactionHash),
    evidence: () => verifiedEvidence(core),
    activity: (page) => listActivity(core.store, owner, page),
    follow: (onChange, signal) => followAccount(core, { onChange, wakeUps, missing }, signal),
  };
}

function viewOf(
  account: AccountId,
  summary: AccountSummary,
  pending: JournalEntry | undefined,
  asOfMs: number,
): AccountView {
  const { balance, next, agreed, signers, finalizedHeight, overlay, exitReadyAt } = summary;
  const order = pending?.signedOrder.order;
  // In a slot that a quorum calls resolved it is in the balance already, or will never be.
  const available = order && order.sequence >= next ? balance - orderCost(order) : balance;
  return {
    account,
    balance,
    available: available > 0n ? available : 0n,
    next,
    agreed,
    signers,
    finalizedHeight,
    ...(overlay && { overlay }),
    ...(exitReadyAt === undefined ? {} : { exitReadyAt }),
    asOfMs,
  };
}
