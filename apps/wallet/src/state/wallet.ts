import type { Platform } from '../platform/ports.ts';
import { createAccount } from './account.ts';
import { startAutoLock } from './autoLock.ts';
import { createDraft } from './draft.ts';
import { amountText } from './format.ts';
import { createInstall } from './install.ts';
import { createNetwork } from './network.ts';
import { createNotices } from './notices.ts';
import { createPayment, isInFlight, spokenState } from './payment.ts';
import { createPreferences } from './preferences.ts';
import { createSession, type Session } from './session.ts';
import { createTempo } from './tempo.ts';
import { tempoTitle } from './tempoRecord.ts';
import { createUpdate } from './update.ts';

/**
 * The view-models of one window and how they hang together: whichever account is open, the others follow it.
 * Nothing in here knows about screens.
 */
export function createWallet(platform: Platform) {
  const preferences = createPreferences(platform.small);
  const notices = createNotices();
  const session = createSession(platform);
  const network = createNetwork(platform, { onReachableChanged: () => void account.getState().refresh() });
  const draft = createDraft();
  const update = createUpdate();
  const install = createInstall();
  const onVerified = network.getState().noteVerified;

  const account = createAccount(platform.small, {
    onVerified,
    onChanged: (owner) => platform.windows.announce(owner),
  });
  const payment = createPayment({
    onVerified,
    onEnd(live) {
      const { phase } = session.getState();
      if (phase.name !== 'open') return;
      notices.getState().say(spokenState(live, phase.session.network.committee.members.length));
      platform.windows.announce(phase.session.address);
      void account.getState().refresh();
      if (live.phase !== 'paid') return;
      draft.getState().clear();
      // Whoever made it now is looking at it; this one has been waiting somewhere behind.
      if (live.resumed || live.attempts > 1) {
        notices.getState().toast(`The waiting payment of ${amountText(live.amount)} is paid`, 'evidence');
      }
    },
  });
  const tempo = createTempo(platform, {
    async freshView() {
      await account.getState().refresh();
      const { view, problem } = account.getState();
      return problem ? undefined : view;
    },
    onEnd(record) {
      if (record.failed) return;
      const { type, amount } = record;
      if (type === 'deposit') notices.getState().toast(`Deposit of ${amountText(amount)} credited`, 'evidence');
      else notices.getState().toast(`${tempoTitle(type)}: final on Tempo`);
      void account.getState().refresh();
    },
  });

  const followers = [network, account, payment, tempo] as const;
  let attached: Session | undefined;
  session.subscribe(({ phase }) => {
    const next = phase.name === 'open' ? phase.session : undefined;
    if (next === attached) return;
    attached = next;
    for (const follower of followers) {
      if (next) follower.getState().attach(next);
      else follower.getState().detach();
    }
    draft.getState().clear();
  });

  network.subscribe(({ relay }, before) => {
    if (relay !== 'reachable' || before.relay !== 'unreachable') return;
    void account.getState().refresh();
    payment.getState().retryNow();
  });

  // A payment of the same owner that was found at the validators, or left by another window: this one ends it.
  account.subscribe(({ pending }, before) => {
    if (!pending || pending.transactionHash === before.pending?.transactionHash) return;
    if (!isInFlight(payment.getState().live)) void payment.getState().resume();
  });

  platform.windows.listen((owner) => {
    if (owner === attached?.address) void account.getState().refresh();
  });

  const isBusy = () => isInFlight(payment.getState().live) || tempo.getState().busy !== undefined;

  function start(): void {
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && attached) void account.getState().refresh();
    });
    startAutoLock({
      minutes: () => preferences.getState().autoLockMinutes,
      mayLock: () => attached?.keyKind === 'phrase' && !isBusy(),
      lock: () => session.getState().lock(),
    });
    void session.getState().start();
  }

  return {
    platform,
    preferences,
    notices,
    session,
    network,
    account,
    payment,
    tempo,
    draft,
    update,
    install,
    isBusy,
    start,
  };
}

export type Wallet = ReturnType<typeof createWallet>;
