import { signAsDriver } from '@fastpay/crypto';
import { newRoundDigest, proposeDigest, type SignerSignature } from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { refuseToDrive } from '../rules/own-turn.ts';
import type { Surroundings, Validator } from '../validator.ts';

type Message = Parameters<Validator['drive']>[0];

/** Rule 6: this validator's word in the place of the owner's. It binds nobody, so nothing is recorded. */
export async function drive(core: Core, message: Message, { nowMs }: Surroundings): Promise<SignerSignature> {
  const { ledger, store, network, context, signer, votingSigner } = core;
  store.assertUsable();
  const { slot, round } = message;
  const refusal = refuseToDrive(
    { sequence: slot.sequence, round },
    {
      nowMs,
      signer,
      committeeSize: network.committee.members.length,
      account: ledger.account(slot),
      openSlot: ledger.openSlot(slot),
    },
  );
  if (refusal) throw refusal;
  // The exit that allows it may have been taken in just now.
  await store.barrier();
  const signing = { separator: context.separator, epoch: network.committee.epoch };
  const digest = message.type === 'newRound' ? newRoundDigest(signing, slot, round) : proposeDigest(signing, message);
  return signAsDriver(context, digest, signer, votingSigner);
}
