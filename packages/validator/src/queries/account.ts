import {
  type AccountAnswer,
  type AccountId,
  accountStatementBytes,
  RejectError,
  type SignedOrder,
  SKIP,
  ZERO_HASH,
} from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { isBelow } from '../rules/rounds.ts';
import { isInReserve, NEW_ACCOUNT, onChainBalance } from '../state/account-state.ts';
import type { Ledger } from '../state/ledger.ts';
import type { OpenSlot } from '../state/open-slot.ts';
import type { Surroundings } from '../validator.ts';

const CLIENT_NONCE_BYTES = 16;

/** A signed statement of one account (§4); signed only when everything it says is durable. */
export async function account(
  { ledger, store, network, context, signer, votingSigner }: Core,
  id: AccountId,
  clientNonce: Uint8Array,
  { nowMs }: Surroundings,
): Promise<AccountAnswer> {
  store.assertUsable();
  if (clientNonce.length !== CLIENT_NONCE_BYTES) {
    throw new RejectError('INVALID_FORMAT', `the client nonce has ${CLIENT_NONCE_BYTES} bytes`);
  }
  const state = ledger.account(id);
  const { balance, next, unsettledIn, unsettledOut, exit } = state ?? NEW_ACCOUNT;
  const overlay = { onChain: onChainBalance(state ?? NEW_ACCOUNT), unsettledIn, unsettledOut };
  const open = ledger.openSlot(id);
  const { finalized } = store.head();
  const pendingOrder = open && pendingOrderOf(open, ledger);
  const { epoch } = network.committee;
  const statement = {
    account: { owner: id.owner, asset: id.asset },
    balance,
    next,
    finalizedHeight: finalized?.height ?? 0n,
    finalizedHash: finalized?.hash ?? ZERO_HASH,
    unixMillis: BigInt(Math.floor(nowMs)),
    clientNonce: Uint8Array.from(clientNonce),
  };
  await store.barrier();
  const signature = await votingSigner.sign(accountStatementBytes({ separator: context.separator, epoch }, statement));
  return {
    signed: { epoch, statement, signature: { signer, signature } },
    known: isInReserve(state),
    overlay,
    ...(exit?.readyAt !== undefined && { exitReadyAt: exit.readyAt }),
    ...(pendingOrder && { pendingOrder }),
  };
}

/**
 * The order that a restored wallet has to finish or to cancel: that of the highest lock; else the last one voted for.
 * Where the slot was locked on SKIP only an order voted for above that can still happen.
 */
function pendingOrderOf({ votes, lock }: OpenSlot, ledger: Ledger): SignedOrder | undefined {
  if (lock?.certificate.signedOrder) return lock.certificate.signedOrder;
  const vote = votes.findLast((recorded) => recorded.value !== SKIP && (!lock || isBelow(lock.certificate, recorded)));
  return vote && ledger.order(vote.value);
}
