import type { ReserveWriter, TempoChain } from '@fastpay/tempo';

/** The settlement chain of one sidecar: read by its watcher, written to by its settler. */
export interface ChainConnection {
  readonly chain: TempoChain;
  /** Of the settlement key. */
  readonly writer: ReserveWriter;
  /** Nothing on it is real. */
  readonly isSimulated: boolean;
  stop(): Promise<void>;
}
