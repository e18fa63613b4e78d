import {
  type Hash,
  newRoundDigest,
  type PaymentOrder,
  proposeDigest,
  type SignedNewRound,
  type SignedOrder,
  type SignedProposal,
  toAmount,
  transactionHash,
  ZERO_HASH,
} from '@fastpay/protocol';
import type { Attack } from './attacker.ts';

/** What an attacker signs, with its own key or, to see what happens, with another. */

export async function signOrder(
  { model, signer, otherSigner, dossier, random, recipients, scheduler, network }: Attack,
  changes: Partial<PaymentOrder> = {},
  withOtherKey = false,
): Promise<{ readonly value: Hash; readonly signedOrder: SignedOrder }> {
  const { slot } = dossier;
  const order: PaymentOrder = {
    kind: random.chance(0.15) ? 1 : 0,
    sender: slot.owner,
    recipient: random.pick(recipients),
    asset: slot.asset,
    amount: toAmount(BigInt(random.between(1, 12)) * 1_000_000n),
    fee: toAmount(network.fees.minimum + network.fees.newRecipientSurcharge),
    sequence: slot.sequence,
    validUntil: BigInt(Math.floor(scheduler.nowMs() / 1_000)) + 600n,
    memo: ZERO_HASH,
    parents: [],
    ...changes,
  };
  const value = transactionHash(order, model.separator);
  if (!withOtherKey) model.payments.signed(slot.owner, value, 'attacker', order);
  const payerSignature = await (withOtherKey ? otherSigner : signer).sign(value);
  return { value, signedOrder: { order, payerSignature } };
}

export async function signNewRound(
  { model, signer, otherSigner, dossier, network }: Attack,
  round: number,
  withOtherKey = false,
): Promise<SignedNewRound> {
  const { slot } = dossier;
  const { epoch } = network.committee;
  const digest = newRoundDigest({ separator: model.separator, epoch }, slot, round);
  if (!withOtherKey) model.payments.signed(slot.owner, digest, 'attacker');
  const signature = await (withOtherKey ? otherSigner : signer).sign(digest);
  return { epoch, slot, round, authority: { type: 'owner', signature } };
}

export async function signProposal(
  { model, signer, otherSigner, dossier, network }: Attack,
  round: number,
  value: Hash,
  withOtherKey = false,
): Promise<SignedProposal> {
  const { slot, orders } = dossier;
  const { epoch } = network.committee;
  const digest = proposeDigest({ separator: model.separator, epoch }, { slot, round, value });
  if (!withOtherKey) model.payments.signed(slot.owner, digest, 'attacker');
  const signature = await (withOtherKey ? otherSigner : signer).sign(digest);
  const signedOrder = orders.get(value);
  return { epoch, slot, round, value, ...(signedOrder && { signedOrder }), authority: { type: 'owner', signature } };
}
