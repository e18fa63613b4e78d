import type { Secp256k1Signer, VerificationContext, VotingSigner } from '@fastpay/crypto';
import type { Address, Network } from '@fastpay/protocol';
import type { DurableStore } from './durable-store.ts';
import type { Ledger } from './state/ledger.ts';

/** What every step and query of one validator works with. */
export interface Core {
  readonly network: Network;
  /** Index of this validator in the committee. */
  readonly signer: number;
  readonly context: VerificationContext;
  readonly votingSigner: VotingSigner;
  readonly settlementSigner: Secp256k1Signer;
  readonly ledger: Ledger;
  readonly store: DurableStore;
  /** When the oldest payment that was not seen final on chain was resolved, unix milliseconds. */
  readonly oldestUnsettledAtMs: () => number | undefined;
  /** The assets that orders may be about. */
  readonly assets: ReadonlySet<Address>;
}
