import { type AccountId, PATH_USD } from '@fastpay/protocol';
import type { Action } from '../plan/plan.ts';
import type { World } from './world.ts';

const LOOK_EVERY_MS = 12_000;

/** An owner leaves by the contract alone: asks, waits, takes everything; or thinks better of it. */
export function leave(world: World, action: Extract<Action, { type: 'exit' }>): void {
  const { chain, scheduler, plan, broken, faults, openExits } = world;
  const account: AccountId = { owner: world.addressOf(action.owner), asset: PATH_USD };
  const attacker = world.attackers.find(({ owner }) => owner === account.owner);
  const begunMs = scheduler.nowMs();
  const seen = (type: 'requested' | 'cancelled' | 'executed') =>
    chain.exits.some((event) => event.type === type && event.account.owner === account.owner);
  let isAsked = false;
  let isShown = false;
  openExits.add(action.id);

  async function look(): Promise<void> {
    if (seen('executed') || seen('cancelled')) {
      if (action.hidesQuorum) await attacker?.show(plan.seed);
      openExits.delete(action.id);
      return;
    }
    scheduler.after(LOOK_EVERY_MS, `${action.id} looks`, again);
    const readyAt = chain.simulated.reserve.exitReadyAt(account);
    if (readyAt === 0n) {
      if (action.hidesQuorum && !isAsked) await attacker?.hide(plan.seed);
      isAsked = true;
      await chain.exit(account, 'requestExit');
    } else if (action.cancelsAfterMs !== undefined && scheduler.nowMs() - begunMs >= action.cancelsAfterMs) {
      faults.add('exitCancelled');
      await chain.exit(account, 'cancelExit');
    } else if (action.hidesQuorum && !isShown && BigInt(Math.floor(scheduler.nowMs() / 1_000)) >= readyAt - 30n) {
      // Too late to be settled before the money goes.
      isShown = true;
      await attacker?.show(plan.seed);
    } else if (BigInt(Math.floor(scheduler.nowMs() / 1_000)) >= readyAt) {
      await chain.exit(account, 'exit');
    }
  }

  const again = () => void look().catch((error: unknown) => broken(action.id, error));
  again();
}
