import { type AccountId, OrderKind, quorumStake, requiredFee } from '@fastpay/protocol';
import type { PaymentIntent } from '../client.ts';
import type { ClientCore } from '../core.ts';
import { askStatements, stakeOf } from './statements.ts';

/**
 * The least fee that a quorum accepts for this payment now, base units (§3). Each validator asks for the surcharge
 * while its own ledger does not know the recipient, so it is saved only when validators of stake ≥ q say, signed, that
 * the account was used. When they do not answer, the surcharge is paid: an order with too low a fee would be stuck.
 * @throws RejectError TEMPORARILY_UNAVAILABLE.
 */
export async function leastFee(core: ClientCore, intent: PaymentIntent): Promise<bigint> {
  const { fees } = core.network;
  if (intent.kind === OrderKind.withdraw) return requiredFee(fees, { isNew: false });
  const recipient: AccountId = { owner: intent.recipient, asset: intent.asset };
  const statements = await askStatements(core, recipient);
  const known = statements.filter(({ balance, next }) => balance !== 0n || next !== 0n);
  return requiredFee(fees, { isNew: stakeOf(known) < quorumStake(core.context.committee) });
}
