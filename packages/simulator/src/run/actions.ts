import { PATH_USD } from '@fastpay/protocol';
import type { Action } from '../plan/plan.ts';
import { payOn } from './chain-of-spends.ts';
import { leave } from './exits.ts';
import { memoOf } from './memo.ts';
import { forgetCursors } from './sync.ts';
import type { World } from './world.ts';

/** Makes an action happen at its time. Crashes at writes happen by themselves, and the first deposits come before everything. */
export function carryOut(world: World, action: Action): void {
  if (action.type === 'crashAtWrite' || action.type === 'deviceCrashAtWrite') return;
  if (action.type === 'deposit' && action.atMs === 0) return;
  if (action.type === 'rollback' && action.backupMs !== undefined) {
    const node = world.honest.find(({ signer }) => signer === action.signer);
    world.scheduler.after(action.backupMs, `${action.id} backup`, () => node?.backUp());
  }
  world.scheduler.after(action.atMs, action.id, () => act(world, action));
}

function act(world: World, action: Action): void {
  const { scheduler, wallets, honest, attackers, chain, broken, plan } = world;
  switch (action.type) {
    case 'wish': {
      const { to, amount, kind, isImpatient } = action;
      const recipient = world.addressOf(to);
      const memo = memoOf(action.id);
      wallets
        .get(action.device)
        ?.want({ kind, recipient, asset: PATH_USD, amount, memo, isImpatient, isUrgent: false });
      return;
    }
    case 'chain':
      payOn(world, action);
      return;
    case 'deposit':
      chain
        .deposit({ owner: world.addressOf(action.owner), asset: PATH_USD }, action.amount)
        .catch((error: unknown) => broken(action.id, error));
      return;
    case 'reorganization':
      chain.reorganize();
      return;
    case 'exit':
      leave(world, action);
      return;
    case 'validatorCrash': {
      const node = honest.find(({ signer }) => signer === action.signer);
      node?.crash(action.share);
      scheduler.after(action.downMs, `v${action.signer} restarts`, () => node?.start());
      return;
    }
    case 'rollback': {
      const node = honest.find(({ signer }) => signer === action.signer);
      if (!node?.isUp()) return;
      node.putBack();
      forgetCursors(world, action.signer);
      if (node.voice() === 'forbidden')
        world.faults.add(action.backupMs === undefined ? 'databaseLost' : 'databaseRolledBack');
      scheduler.after(100, `v${action.signer} restarts`, () => node.start());
      return;
    }
    case 'deviceCrash': {
      const wallet = wallets.get(action.device);
      wallet?.crash();
      scheduler.after(action.downMs, `${action.device} restarts`, () => wallet?.start());
      return;
    }
    case 'partition':
      partition(world, action);
      return;
    case 'attack':
      world.openAttacks.add(action.id);
      attackers[action.attacker]
        ?.move(plan.seed, action.id)
        .catch((error: unknown) => broken(`an attack (${action.id})`, error))
        .finally(() => world.openAttacks.delete(action.id));
  }
}

function partition(
  { plan, wallets, wire, faults, scheduler }: World,
  { members, forMs }: Extract<Action, { type: 'partition' }>,
): void {
  faults.add('partition');
  const inside = new Set(members);
  const everyone = [...plan.stakes.map((_, signer) => `v${signer}`), ...wallets.keys(), 'relay', 'evil', 'mallory0'];
  wire.cut(inside, new Set(everyone.filter((name) => !inside.has(name))));
  scheduler.after(forMs, 'links heal', () => wire.heal());
}
