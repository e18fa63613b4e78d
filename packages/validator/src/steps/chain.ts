import { limits, toSequence } from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { decideDeposits } from '../rules/deposit.ts';
import { afterExit, freshExits, isExiting } from '../rules/exit.ts';
import { withCredit } from '../rules/resolve.ts';
import { decideSettlement } from '../rules/settlement.ts';
import type { Ledger } from '../state/ledger.ts';
import type { Step } from '../state/step.ts';
import type { ExitEvent, FinalizedBlock, FinalizedEvents, SettlementObservation } from '../validator.ts';
import { raiseAlarm } from './alarm.ts';

/** Rules 5 and 6: all deposits, all exits and the new view of the chain in one batch. */
export async function applyFinalized(
  { ledger, store }: Core,
  finalized: FinalizedBlock,
  { deposits, exits }: FinalizedEvents,
): Promise<void> {
  store.assertUsable();
  const { finalized: known, nextDepositIndex } = store.head();
  const { fresh, changes } = decideDeposits(finalized, deposits, {
    finalized: known,
    nextDepositIndex,
    deposit: ledger.deposit,
  });
  const freshOnes = freshExits(finalized, exits, known);
  if (changes || freshOnes.length > 0) {
    const step = store.begin();
    for (const deposit of fresh) {
      step.putAccount(deposit.account, withCredit(step.account(deposit.account), deposit.amount));
      step.putDeposit(deposit);
      step.log({ type: 'deposited', deposit });
    }
    for (const exit of freshOnes) applyExit(ledger, step, exit);
    step.moveHead({ finalized, nextDepositIndex: nextDepositIndex + BigInt(fresh.length) });
    store.commit(step);
  }
  await store.barrier();
}

function applyExit(ledger: Ledger, step: Step, exit: ExitEvent): void {
  const { account } = exit;
  const openSlot = ledger.openSlot(account);
  const after = afterExit(step.account(account), exit, openSlot !== undefined);
  step.putAccount(account, after);
  // Rounds that only validators may drive have begun: they have to be ended too.
  const mustBeEnded = (openSlot?.promised.round ?? 0) >= limits.firstExitRound;
  if (isExiting(after) || mustBeEnded) step.putExiting(account);
  else step.deleteExiting(account);
  if (exit.type === 'executed' && after.balance < 0n) alarmUnsettled(ledger, step, exit);
  step.log({ type: 'exit', exit });
}

/** The money of a resolved payment may have left before it was settled: people have to look (docs/OPERATIONS.md). */
function alarmUnsettled(ledger: Ledger, step: Step, { account }: ExitEvent): void {
  const unsettled = ledger.firstUnsettledPayment(account);
  if (!unsettled || step.account(account)?.isHalted) return;
  step.putAlarm({ slot: unsettled.slot, reason: 'unsettledAtExit', certificates: [unsettled] });
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
    if (stage === 'FINALIZED') step.leaveOutbox(cursor, certificate);
  }
  store.commit(step);
}
