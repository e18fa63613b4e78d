/** What went wrong between us and the chain. */
export type TempoErrorCode =
  /** No answer in time. The request may have been carried out. */
  | 'TIMEOUT'
  /** No connection, or the server broke off. The request may have been carried out. */
  | 'UNREACHABLE'
  /** The node refused the request; `rpcCode` and the message say why. */
  | 'REFUSED'
  /** The answer is not what the method promises. */
  | 'BAD_ANSWER'
  /** Blocks came or went while the node was asked. Ask again. */
  | 'REORGANIZED'
  /** The transaction is in a block and did nothing: its calls failed. */
  | 'REVERTED'
  /** No receipt in time. The transaction may still be included. */
  | 'NOT_INCLUDED'
  /** The account cannot pay for what it asks. */
  | 'INSUFFICIENT_FUNDS'
  /** The contract at the reserve's address is not the one that was asked for. */
  | 'WRONG_RESERVE'
  /** The local node did not start or did not stop as told. */
  | 'NODE_FAILED';

export interface TempoErrorFacts {
  /** JSON-RPC error code. */
  readonly rpcCode?: number;
  /** Of the transaction that the failure is about: look it up before sending another. */
  readonly transactionHash?: string;
  /** Base units that are missing. */
  readonly missing?: bigint;
}

/** A failure to read from or write to the chain. Messages hold no keys and no URLs with credentials. */
export class TempoError extends Error {
  override readonly name = 'TempoError';
  readonly code: TempoErrorCode;
  readonly facts: TempoErrorFacts;

  constructor(code: TempoErrorCode, message: string, facts: TempoErrorFacts = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.facts = facts;
  }

  /** Whether the same question can be answered later. */
  get retryable(): boolean {
    return this.code === 'TIMEOUT' || this.code === 'UNREACHABLE' || this.code === 'REORGANIZED';
  }
}
