import { RejectError, type RejectFacts } from '@fastpay/protocol';

/** Why nobody pays for a deposit's gas. Fixed words: they label a metric. */
export const refusalReasons = [
  /** No sponsor is configured. */
  'off',
  /** Not a transaction, or one with more in it than a deposit. */
  'form',
  'chain',
  /** Not approve and deposit, of a listed token, into the reserve. */
  'calls',
  /** Not signed by the account that would be credited. */
  'signature',
  'amount',
  'gas',
  'price',
  'nonce',
  'time',
  /** The sender's tokens would not move. */
  'funds',
  /** This account, or this address on the network, had its share. */
  'share',
  'budget',
  /** The sponsor's own account is too low. */
  'balance',
  /** Too many are under way, or the node or the disk does not answer. */
  'busy',
] as const;

export type RefusalReason = (typeof refusalReasons)[number];

export class SponsorRefusal extends RejectError {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string, facts: RejectFacts = {}, options?: ErrorOptions) {
    super('NOT_SPONSORED', message, facts, options);
    this.reason = reason;
  }
}
