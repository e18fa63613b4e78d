import { type AccountId, accountStatementBytes, RejectError, ZERO_HASH } from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { isInReserve, NEW_ACCOUNT, onChainBalance } from '../state/account-state.ts';
import type { AccountAnswer, Surroundings } from '../validator.ts';

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
  // A certified order before a merely voted one: it is the one that has to be finished.
  const lastVote = open?.votes.at(-1);
  const pendingOrder = open?.lock?.certificate.signedOrder ?? (lastVote && ledger.order(lastVote.value));
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
