import type { Address, OrderKind } from '@fastpay/protocol';
import { useEffect, useState } from 'react';
import { useSession } from '../../app/WalletContext.ts';
import { type Problem, problemOf } from '../../state/problem.ts';

export interface FeeQuote {
  /** Base units; undefined until the validators have answered. */
  readonly amount: bigint | undefined;
  /** Whether the surcharge for a recipient that is new to the ledger is in it. */
  readonly isNewRecipient: boolean;
  readonly problem: Problem | undefined;
}

/** What paying this recipient, or withdrawing to it, costs now. */
export function useFee(kind: OrderKind, recipient: Address): FeeQuote {
  const { client, asset, network } = useSession();
  const [quote, setQuote] = useState<{ readonly amount?: bigint; readonly problem?: Problem }>({});
  useEffect(() => {
    let current = true;
    // The amount does not enter the fee; one base unit stands for any.
    client.quoteFee({ kind, recipient, asset: asset.address, amount: 1n }).then(
      (amount) => current && setQuote({ amount }),
      (error: unknown) => current && setQuote({ problem: problemOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [client, asset.address, kind, recipient]);
  return {
    amount: quote.amount,
    isNewRecipient: quote.amount !== undefined && quote.amount > network.fees.minimum,
    problem: quote.problem,
  };
}
