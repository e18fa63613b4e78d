import { PATH_USD } from '@fastpay/protocol';
import type { Action } from '../plan/plan.ts';
import { memoOf } from './memo.ts';
import type { World } from './world.ts';

/**
 * One owner after another pays on all that it has as soon as the payment to it is certified, long before it is settled.
 * Ends early where nothing is left to pay on, or a payment is never made.
 */
export function payOn(world: World, action: Extract<Action, { type: 'chain' }>, link = 0): void {
  const { plan, model, network, wallets, whenPaid, scheduler } = world;
  const [device, next] = [action.devices[link], action.devices[link + 1]];
  if (device === undefined || next === undefined) return;
  const wallet = wallets.get(device);
  const owner = plan.devices.find(({ name }) => name === next)?.owner;
  if (!wallet || owner === undefined) return;
  const { minimum, newRecipientSurcharge } = network.fees;
  const balance = model.world.balance({ owner: wallet.owner, asset: PATH_USD });
  const amount = balance - minimum - newRecipientSurcharge;
  if (amount <= 0n) return;
  const id = `${action.id}/${link}`;
  const memo = memoOf(id);
  whenPaid.set(memo, () => void scheduler.after(1, `${id} is paid on`, () => payOn(world, action, link + 1)));
  wallet.want({
    kind: 0,
    recipient: world.addressOf(owner),
    asset: PATH_USD,
    amount,
    memo,
    isImpatient: false,
    isUrgent: true,
  });
}
