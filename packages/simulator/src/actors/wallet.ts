import {
  type Client,
  clientLimits,
  createClient,
  createProcessLocks,
  keepFinishing,
  type PaymentIntent,
  PaymentPendingError,
  type PaymentProgress,
} from '@fastpay/client';
import { createClientStore } from '@fastpay/client/store';
import type { CryptoEngine, PayerSigner } from '@fastpay/crypto';
import {
  type Address,
  encodeSignedOrder,
  type Hash,
  type Network,
  RejectError,
  toHex,
  transactionHash,
} from '@fastpay/protocol';
import type { Model } from '../model/model.ts';
import type { Network as Wire } from '../network/network.ts';
import type { Random } from '../random/random.ts';
import type { Fault, Situation } from '../run/coverage.ts';
import type { Tally } from '../run/tally.ts';
import type { FaultyRows } from '../store/faulty-rows.ts';
import type { Scheduler } from '../time/scheduler.ts';
import type { Trace } from '../time/trace.ts';
import type { RelayNode } from './relay-node.ts';
import { createWalletTransport } from './wallet-transport.ts';

/** What a person wants; the memo tells it from everything else that anybody wants. */
export interface Wish extends PaymentIntent {
  readonly memo: Hash;
  /** Calls it off when it does not go through at once. */
  readonly isImpatient: boolean;
  /** Comes before everything else, and is tried again at once for a while when the money is not there yet. */
  readonly isUrgent: boolean;
}

/** One device with the real client on it, and the person in front of it. */
export interface Wallet {
  readonly name: string;
  readonly owner: Address;
  start(): void;
  /** The device dies; what its database holds stays. */
  crash(): void;
  want(wish: Wish): void;
  isUp(): boolean;
  /** Nothing is wanted any more and nothing is open. */
  isIdle(): boolean;
  /** Wishes that were given up unsigned, and why. */
  readonly givenUp: ReadonlyMap<Hash, string>;
  /** What the store says when everything is over. */
  pendingNow(): Promise<boolean>;
}

export interface WalletOptions {
  readonly name: string;
  readonly network: Network;
  readonly signer: PayerSigner;
  readonly asset: Address;
  readonly relays: readonly RelayNode[];
  readonly skewMs: number;
  /** How often it looks for what it received, virtual milliseconds. */
  readonly syncEveryMs: number;
}

export interface WalletDependencies {
  readonly engine: CryptoEngine;
  createRows(onDeath: () => void): FaultyRows;
  readonly scheduler: Scheduler;
  readonly wire: Wire;
  readonly random: Random;
  readonly model: Model;
  readonly trace: Trace;
  readonly faults: Tally<Fault>;
  readonly situations: Tally<Situation>;
  /** The end of all faults: who is still refused for lack of money then will not get any. */
  isCalm(): boolean;
  onBroken(where: string, error: unknown): void;
}

/** Tries of one wish, after the end of all faults, that are refused before anything is signed. */
const MOST_REFUSALS = 8;

/** Tries of an urgent wish, refused before anything is signed, after which it waits as long as any other. */
const URGENT_TRIES = 10;

export function createWallet(options: WalletOptions, dependencies: WalletDependencies): Wallet {
  const { name, network, signer, asset, relays, skewMs, syncEveryMs } = options;
  const { engine, scheduler, wire, random, model, trace, faults, situations, isCalm, onBroken } = dependencies;
  const owner = signer.address;
  const rows = dependencies.createRows(() => crash());
  const wishes: Wish[] = [];
  const givenUp = new Map<Hash, string>();
  const refusals = new Map<Hash, number>();
  const urgentTries = new Map<Hash, number>();
  const sentBefore = new Map<string, number>();
  let life = 0;
  let isUp = false;
  let isBusy = false;
  let wake = () => {};
  let client: Client | undefined;

  const observedSigner: PayerSigner = {
    address: owner,
    sign(digest) {
      model.payments.signed(owner, digest, name);
      return signer.sign(digest);
    },
  };

  function connect(own: number): Client {
    const isAlive = () => own === life && isUp;
    const transport = createWalletTransport({ name, relays, isAlive }, { wire, random });
    return createClient(
      { network, owner },
      {
        store: createClientStore(rows.connect()),
        transport: {
          ...transport,
          submitPayment(request, signal) {
            if (isAlive()) noteSent(request.signedOrder, own);
            return transport.submitPayment(request, signal);
          },
        },
        engine,
        locks: createProcessLocks(),
        clock: {
          nowMs: () => scheduler.nowMs() + skewMs,
          monotonicMs: () => scheduler.nowMs(),
          sleep: scheduler.sleep,
        },
        random: random.bytes,
      },
    );
  }

  function noteSent(signedOrder: Parameters<typeof encodeSignedOrder>[0], own: number): void {
    const value = transactionHash(signedOrder.order, model.separator);
    model.payments.sent(name, value, signedOrder.order, toHex(encodeSignedOrder(signedOrder)));
    const before = sentBefore.get(value);
    if (before !== undefined && before !== own) situations.add('resumedWithSameBytes');
    sentBefore.set(value, own);
  }

  function note(progress: PaymentProgress): void {
    const { state, certificate, transactionHash: hash, ending } = progress;
    trace.add(scheduler.nowMs(), `${name} ${state} ${hash} ${progress.votes.length}+${progress.commits.length}`);
    if (certificate) model.believed(name, certificate);
    if (state === 'paid' && !model.payments.isSignedBy(owner, hash, name)) situations.add('adoptedOtherDevice');
    if (ending?.outcome === 'cancelled') situations.add('cancelled');
  }

  /** The open slot to its end, by whatever it takes. */
  async function finish(own: Client): Promise<void> {
    const controller = new AbortController();
    await keepFinishing(own, { asset, signer: () => observedSigner, onProgress: note }, controller.signal, {
      clock: { nowMs: scheduler.nowMs, monotonicMs: scheduler.nowMs, sleep: scheduler.sleep },
      random: random.bytes,
    });
  }

  /** Whether the wish needs nothing more from this device. */
  async function fulfil(own: Client, wish: Wish): Promise<boolean> {
    const listed = await own.activity({ limit: clientLimits.page });
    if (listed.some(({ order }) => order.memo === wish.memo)) return true;
    try {
      let last: PaymentProgress | undefined;
      for await (const progress of own.pay(wish, observedSigner)) {
        last = progress;
        note(progress);
      }
      if (last?.state === 'stalled' && wish.isImpatient) {
        for await (const progress of own.cancel(asset, observedSigner)) note(progress);
      }
      return true;
    } catch (error) {
      if (error instanceof PaymentPendingError) return false;
      if (!(error instanceof RejectError)) throw error;
      trace.add(scheduler.nowMs(), `${name} is refused: ${error.code}`);
      urgentTries.set(wish.memo, (urgentTries.get(wish.memo) ?? 0) + 1);
      if (!isCalm()) return false;
      const count = (refusals.get(wish.memo) ?? 0) + 1;
      refusals.set(wish.memo, count);
      if (count < MOST_REFUSALS) return false;
      givenUp.set(wish.memo, `${error.code}: ${error.message}`);
      return true;
    }
  }

  async function sync(own: Client): Promise<void> {
    try {
      for (const certificate of await own.sync()) model.believed(name, certificate);
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
    }
  }

  /** What the person and the program do, over and over, as long as the process lives. */
  async function live(own: Client, ownLife: number): Promise<void> {
    isBusy = true;
    await sync(own);
    let syncedAtMs = scheduler.nowMs();
    while (ownLife === life) {
      isBusy = true;
      await finish(own);
      const [wish] = wishes;
      const isFulfilled = wish !== undefined && (await fulfil(own, wish));
      if (ownLife !== life) return;
      if (isFulfilled) {
        wishes.splice(wishes.indexOf(wish), 1);
        continue;
      }
      if (await own.pending(asset)) continue;
      isBusy = false;
      await pause(wish ? patienceMs(wish) : syncEveryMs);
      if (ownLife !== life) return;
      if (wish || scheduler.nowMs() - syncedAtMs >= syncEveryMs) {
        isBusy = true;
        await sync(own);
        syncedAtMs = scheduler.nowMs();
      }
      if (!wish && isCalm() && wishes.length === 0) {
        isBusy = false;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }

  function patienceMs({ isUrgent, memo }: Wish): number {
    if (isUrgent && (urgentTries.get(memo) ?? 0) < URGENT_TRIES) return 20 + random.below(80);
    return 1_000 + random.below(4_000);
  }

  async function pause(ms: number): Promise<void> {
    const woken = new AbortController();
    wake = () => woken.abort();
    await scheduler.sleep(ms, woken.signal);
  }

  function crash(): void {
    if (!isUp) return;
    trace.add(scheduler.nowMs(), `${name} dies`);
    faults.add('clientCrash');
    life++;
    isUp = false;
    isBusy = false;
    client = undefined;
    rows.crash();
  }

  return {
    name,
    owner,
    givenUp,
    crash,
    isUp: () => isUp,
    isIdle: () => isUp && !isBusy && wishes.length === 0,
    want(wish) {
      model.payments.wish(wish.memo, name);
      if (wish.isUrgent) wishes.unshift(wish);
      else wishes.push(wish);
      wake();
    },
    start() {
      if (isUp) return;
      trace.add(scheduler.nowMs(), `${name} starts`);
      life++;
      isUp = true;
      const ownLife = life;
      const own = connect(ownLife);
      client = own;
      live(own, ownLife).catch((error: unknown) => {
        if (ownLife === life) onBroken(name, error);
      });
    },
    async pendingNow() {
      return client !== undefined && (await client.pending(asset)) !== undefined;
    },
  };
}
