import type { SignedStatement } from './certificate.ts';
import type { SignedOrder } from './order.ts';

/** What one validator answers about one account. Only `signed` is proof; the rest are hints. */
export interface AccountAnswer {
  readonly signed: SignedStatement;
  /** Whether its ledger has an entry for the account; paying one without costs the surcharge. */
  readonly known: boolean;
  /** The order voted for in the open slot, if any; its payer's signature proves it. */
  readonly pendingOrder?: SignedOrder;
  /** Unix seconds from which on the account may leave; absent unless its exit stands requested. */
  readonly exitReadyAt?: bigint;
  /** What makes up the balance; absent where the validator does not tell. */
  readonly overlay?: BalanceOverlay;
}

/** What makes up a balance, base units: balance = onChain + unsettledIn − unsettledOut. */
export interface BalanceOverlay {
  /** What the reserve holds for the account in finalized blocks. */
  readonly onChain: bigint;
  /** Resolved payments to it that were not seen final on chain yet. */
  readonly unsettledIn: bigint;
  /** Resolved payments from it that were not, fees included. */
  readonly unsettledOut: bigint;
}
