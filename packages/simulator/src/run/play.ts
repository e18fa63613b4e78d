import { RejectError } from '@fastpay/protocol';
import { simulatorLimits } from '../limits.ts';
import { START_MS } from '../time/scheduler.ts';
import { carryOut } from './actions.ts';
import { keepChainGoing } from './chain-life.ts';
import { checkEnd } from './check-end.ts';
import { keepSyncing } from './sync.ts';
import type { World } from './world.ts';

/** From the first block to the last question. */
export async function play(world: World): Promise<void> {
  const { scheduler, plan, honest, wallets } = world;
  for (const node of honest) node.start();
  for (const wallet of wallets.values()) wallet.start();
  for (const action of plan.actions) carryOut(world, action);
  for (const kind of clockAndDiskFaults(world)) world.faults.add(kind);
  keepChainGoing(world);
  for (const node of honest) keepSyncing(world, node.signer);
  scheduler.after(plan.faultsEndMs, 'faults end', () => calm(world));

  const isOver = () => world.violations.length > 0 || (world.isCalm() && isIdle(world));
  await run(world, START_MS + plan.faultsEndMs + simulatorLimits.settleMs, isOver);
  if (world.violations.length > 0) return;
  await checkEnd(world, (untilMs, isDone) => run(world, untilMs, isDone));
}

/** Goes on until then or until it is over, with every validator held against the model after each step. */
export function run(world: World, untilMs: number, isOver: () => boolean): Promise<void> {
  return world.scheduler.run({ untilMs, mostSteps: simulatorLimits.steps, isOver, afterStep: () => checkStep(world) });
}

/** Holds every validator that wrote something against the model; whether there was one. */
function checkStep({ honest, model, broken }: World): boolean {
  let hasLooked = false;
  for (const node of honest) {
    const validator = node.process();
    if (!validator || !node.hasChanged()) continue;
    hasLooked = true;
    const onFailure = (error: unknown) => {
      // It died, or has no voice: what it holds is looked at when it is back.
      if (node.process() === validator && !(error instanceof RejectError)) broken(`${node.name} is looked at`, error);
    };
    try {
      const options = { isDurable: node.disk.isDurable, stamp: () => node.disk.written };
      model.views[node.signer]?.check(validator, options).catch(onFailure);
    } catch (error) {
      onFailure(error);
    }
  }
  return hasLooked;
}

function isIdle({ wallets, honest, openExits, openAttacks }: World): boolean {
  for (const wallet of wallets.values()) if (!wallet.isIdle()) return false;
  return openExits.size === 0 && openAttacks.size === 0 && honest.every((node) => node.isUp() && node.disk.isDurable);
}

/** All faults end: links heal, whoever is down comes back. */
function calm(world: World): void {
  world.endFaults();
  if (!world.plan.byzantineStays) for (const node of world.byzantine) node.behave();
  for (const node of world.honest) node.start();
  for (const wallet of world.wallets.values()) wallet.start();
}

function clockAndDiskFaults({ plan }: World): readonly ('clockSkew' | 'slowDisk')[] {
  return [
    ...plan.validatorSkewMs.flatMap((skew) => (skew === 0 ? [] : ['clockSkew' as const])),
    ...plan.devices.flatMap(({ skewMs }) => (skewMs === 0 ? [] : ['clockSkew' as const])),
    ...plan.diskSlownessMs.flatMap((slowness) => (slowness <= 20 ? [] : ['slowDisk' as const])),
  ];
}
