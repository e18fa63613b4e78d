import type { AccountView, ActivityItem, PendingPayment } from '@fastpay/client';
import type { Address } from '@fastpay/protocol';
import { createStore } from 'zustand/vanilla';
import type { SmallStore } from '../platform/ports.ts';
import { newlyReceived } from './activityList.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.ts';
import { readStoredView, writeStoredView } from './storedView.ts';

export interface AccountState {
  /** The last balance that a quorum vouched for, maybe from an earlier visit: see `asOfMs`. */
  readonly view: AccountView | undefined;
  /** Why the balance could not be verified afresh. */
  readonly problem: Problem | undefined;
  readonly items: readonly ActivityItem[];
  readonly itemsLoaded: boolean;
  readonly pending: PendingPayment | undefined;
  /** The payment that arrived last while the wallet was open. */
  readonly arrived: ActivityItem | undefined;
  attach(session: Session): void;
  detach(): void;
  refresh(): Promise<void>;
  dismissArrived(): void;
}

const ACTIVITY_LIMIT = 500;
const FRESH_EVERY_MS = 15_000;

const nothing = {
  items: [],
  itemsLoaded: false,
  view: undefined,
  problem: undefined,
  pending: undefined,
  arrived: undefined,
};

export function createAccount(
  small: SmallStore,
  hooks: {
    readonly onVerified: (signers: readonly number[], atMs: number) => void;
    readonly onChanged: (owner: Address) => void;
  },
) {
  let session: Session | undefined;
  let following: AbortController | undefined;
  let refreshing: Promise<void> | undefined;
  let again = false;
  let known: ReadonlySet<string> = new Set();
  /** History is complete up to now: whatever comes on top of it has just arrived. */
  let caughtUp = false;
  let timer: ReturnType<typeof setInterval> | undefined;

  return createStore<AccountState>()((set, get) => {
    async function loadActivity(current: Session): Promise<void> {
      const items = await current.client.activity({ limit: ACTIVITY_LIMIT });
      const pending = await current.client.pending(current.asset.address);
      if (session !== current) return;
      const arrived = caughtUp ? newlyReceived(known, items)[0] : undefined;
      known = new Set(items.map((item) => item.transactionHash));
      set({ items, itemsLoaded: true, pending, ...(arrived ? { arrived } : {}) });
    }

    async function loadBalance(current: Session): Promise<void> {
      try {
        const view = await current.client.account(current.asset.address);
        if (session !== current) return;
        set({ view, problem: undefined });
        hooks.onVerified(view.signers, view.asOfMs);
        writeStoredView(small, current, view);
      } catch (error) {
        if (session === current) set({ problem: problemOf(error) });
      }
    }

    async function refreshOnce(): Promise<void> {
      const current = session;
      if (!current) return;
      await loadActivity(current);
      await loadBalance(current);
    }

    async function catchUp(current: Session, signal: AbortSignal): Promise<void> {
      await get().refresh();
      try {
        await current.client.sync();
      } catch (error) {
        if (!signal.aborted) set({ problem: problemOf(error) });
      }
      await get().refresh();
      if (!signal.aborted) caughtUp = true;
    }

    return {
      ...nothing,

      attach(next) {
        get().detach();
        session = next;
        const controller = new AbortController();
        following = controller;
        const stored = readStoredView(small, next);
        if (stored) set({ view: stored });
        void catchUp(next, controller.signal);
        timer = setInterval(() => {
          if (document.visibilityState === 'visible') void get().refresh();
        }, FRESH_EVERY_MS);
        const changed = () => {
          void get().refresh();
          hooks.onChanged(next.address);
        };
        // Follows until aborted and reconnects by itself; its end without an abort is a fault worth showing.
        next.client.follow(changed, controller.signal).catch((error: unknown) => {
          if (!controller.signal.aborted) set({ problem: problemOf(error) });
        });
      },

      detach() {
        following?.abort();
        following = undefined;
        session = undefined;
        clearInterval(timer);
        known = new Set();
        caughtUp = false;
        set(nothing);
      },

      /** Calls while one runs are joined into one more run. */
      refresh() {
        if (refreshing) {
          again = true;
          return refreshing;
        }
        refreshing = (async () => {
          do {
            again = false;
            await refreshOnce();
          } while (again);
        })().finally(() => {
          refreshing = undefined;
        });
        return refreshing;
      },

      dismissArrived() {
        set({ arrived: undefined });
      },
    };
  });
}
