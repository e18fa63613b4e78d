import type { Address } from '@fastpay/protocol';
import { useCallback } from 'react';
import { useSession, useSessionState } from './WalletContext.ts';

/** The name of an address that this wallet knows: a demo account, or oneself. */
export function useNameOf(): (address: Address) => string | undefined {
  const demoAccounts = useSessionState((state) => state.demoAccounts);
  const session = useSession();
  return useCallback(
    (address) => {
      const demo = demoAccounts.find((account) => account.address === address);
      if (demo) return demo.name;
      return address === session.address ? 'You' : undefined;
    },
    [demoAccounts, session.address],
  );
}

/** How the open account calls itself. */
export function useAccountName(): string {
  const { choice } = useSession();
  return choice.kind === 'demo' ? choice.name : 'My wallet';
}
