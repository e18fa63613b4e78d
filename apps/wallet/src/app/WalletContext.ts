import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { AccountState } from '../state/account.ts';
import type { DraftState } from '../state/draft.ts';
import type { InstallState } from '../state/install.ts';
import type { NetworkState } from '../state/network.ts';
import type { NoticesState } from '../state/notices.ts';
import type { PaymentState } from '../state/payment.ts';
import type { PreferencesState } from '../state/preferences.ts';
import type { Session, SessionState } from '../state/session.ts';
import type { TempoState } from '../state/tempo.ts';
import type { UpdateState } from '../state/update.ts';
import type { Wallet } from '../state/wallet.ts';

export const WalletContext = createContext<Wallet | undefined>(undefined);

export function useWallet(): Wallet {
  const wallet = useContext(WalletContext);
  if (!wallet) throw new Error('a screen was rendered outside the wallet');
  return wallet;
}

export const useSessionState = <Value>(select: (state: SessionState) => Value) => useStore(useWallet().session, select);
export const useAccount = <Value>(select: (state: AccountState) => Value) => useStore(useWallet().account, select);
export const usePayment = <Value>(select: (state: PaymentState) => Value) => useStore(useWallet().payment, select);
export const useNetwork = <Value>(select: (state: NetworkState) => Value) => useStore(useWallet().network, select);
export const useTempo = <Value>(select: (state: TempoState) => Value) => useStore(useWallet().tempo, select);
export const useDraft = <Value>(select: (state: DraftState) => Value) => useStore(useWallet().draft, select);
export const useNotices = <Value>(select: (state: NoticesState) => Value) => useStore(useWallet().notices, select);
export const useUpdate = <Value>(select: (state: UpdateState) => Value) => useStore(useWallet().update, select);
export const useInstall = <Value>(select: (state: InstallState) => Value) => useStore(useWallet().install, select);
export const usePreferences = <Value>(select: (state: PreferencesState) => Value) =>
  useStore(useWallet().preferences, select);

/** The open account; only for what is rendered while one is open. */
export function useSession(): Session {
  const phase = useSessionState((state) => state.phase);
  if (phase.name !== 'open') throw new Error('an account screen was rendered without an account');
  return phase.session;
}
