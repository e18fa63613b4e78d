import { toSequence } from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { decideDeposits } from '../rules/deposit.ts';
import { withCredit } from '../rules/resolve.ts';
import { decideSettlement } from '../rules/settlement.ts';
import type { FinalizedBlock, FinalizedEvents, SettlementObservation } from '../validator.ts';
import { raiseAlarm } from './alarm.ts';

/** Rule 5: all deposits and the new view of the chain in one batch. */
export async function applyFinalized(
  { ledger, store }: Core,
  finalized: FinalizedBlock,
  { deposits }: FinalizedEvents,
): Promise<void> {
  store.assertUsable();
  const { finalized: known, nextDepositIndex } = store.head();
  const { fresh, changes } = decideDeposits(finalized, deposits, {
    finalized: known,
    nextDepositIndex,
    deposit: ledger.deposit,
  });
  if (changes) {
    const step = store.begin();
    for (const deposit of fresh) {
      step.putAccount(deposit.account, withCredit(step.account(deposit.account), deposit.amount));
      step.putDeposit(deposit);
      step.log({ type: 'deposited', deposit });
    }
    step.moveHead({ finalized, nextDepositIndex: nextDepositIndex + BigInt(fresh.length) });
    store.commit(step);
  }
  await store.barrier();
}

/** §10: each observation is a step of its own; they do not depend on each other. */
export async function applySettlements(core: Core, observations: readonly SettlementObservation[]): Promise<void> {
  core.store.assertUsable();
  for (const observation of observations) applySettlement(core, observation);
  await core.store.barrier();
}

function applySettlement(core: Core, observation: SettlementObservation): void {
  const { ledger, store } = core;
  const slot = { ...observation.account, sequence: toSequence(observation.sequence) };
  const resolution = ledger.resolution(slot);
  const decision = decideSettlement(observation, ledger.standing(slot), resolution?.certificate.value);
  if (decision.type === 'ignore') return;
  if (decision.type === 'contradiction') {
    const { settlement } = observation;
    const certificates = resolution ? [resolution.certificate] : [];
    raiseAlarm(core, { slot, reason: 'settledOtherwise', certificates, ...(settlement && { settlement }) });
    return;
  }
  const { standing } = decision;
  const step = store.begin();
  step.putStanding(slot, standing);
  if (resolution) {
    const { value, stage, settlement } = standing;
    const { certificate, cursor } = resolution;
    step.log({ type: 'settlement', transactionHash: value, stage, certificate, ...(settlement && { settlement }) });
    if (stage === 'FINALIZED') step.leaveOutbox(cursor);
  }
  store.commit(step);
}
