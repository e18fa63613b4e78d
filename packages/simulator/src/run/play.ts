import { hashFromBytes, keccak256, PATH_USD, RejectError, utf8 } from '@fastpay/protocol';
import { simulatorLimits } from '../limits.ts';
import type { Action } from '../plan/plan.ts';
import { checkEnd } from './check-end.ts';
import { syncFromPeers } from './sync.ts';
import type { World } from './world.ts';

/** From the first block to the last question. */
export async function play(world: World): Promise<void> {
  const { scheduler, plan, honest, wallets } = world;
  const startMs = scheduler.nowMs();
  for (const node of honest) node.start();
  for (const wallet of wallets.values()) wallet.start();
  for (const action of plan.actions) schedule(world, action);
  for (const kind of clockAndDiskFaults(world)) world.faults.add(kind);
  mineBlocks(world);
  for (const node of honest) keepSyncing(world, node.signer);
  scheduler.after(plan.faultsEndMs, 'faults end', () => calm(world));

  const isQuiet = () => world.violations.length > 0 || (world.isCalm() && isIdle(world));
  await run(world, startMs + plan.faultsEndMs + simulatorLimits.settleMs, isQuiet);
  if (world.violations.length > 0) return;
  await checkEnd(world, (untilMs, isOver) => run(world, untilMs, isOver));
}

function run(world: World, untilMs: number, isOver: () => boolean): Promise<void> {
  return world.scheduler.run({ untilMs, mostSteps: simulatorLimits.steps, isOver, afterStep: () => checkStep(world) });
}

/** Holds every validator that wrote something against the model. */
function checkStep({ honest, model, broken }: World): void {
  for (const node of honest) {
    const validator = node.process();
    if (!validator || !node.hasChanged()) continue;
    const onFailure = (error: unknown) => {
      // It died, or has no voice: what it holds is looked at when it is back.
      if (node.process() === validator && !(error instanceof RejectError)) broken(`${node.name} is looked at`, error);
    };
    try {
      model.views[node.signer]?.check(validator, { isDurable: node.disk.isDurable }).catch(onFailure);
    } catch (error) {
      onFailure(error);
    }
  }
}

function isIdle({ wallets, honest }: World): boolean {
  for (const wallet of wallets.values()) if (!wallet.isIdle()) return false;
  return honest.every((node) => node.isUp() && node.disk.isDurable);
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

/** A block every few seconds; each validator hears of it sooner or later. */
function mineBlocks(world: World): void {
  const { scheduler, chain, honest, byzantine, plan } = world;
  const mine = () => {
    chain.finalize(scheduler.nowMs());
    for (const node of [...honest, ...byzantine]) {
      const lateMs = lateness(world, node.signer);
      if (lateMs > 1_000) world.faults.add('lateDeposit');
      scheduler.after(lateMs, `v${node.signer} sees the chain`, () => observe(world, node));
    }
    // Later blocks would tell nobody anything; the view of the chain stays fresh for a quarter of the exit delay.
    if (scheduler.nowMs() < startOf(world) + plan.faultsEndMs + simulatorLimits.blockEveryMs) {
      scheduler.after(simulatorLimits.blockEveryMs, 'block', mine);
    }
  };
  scheduler.after(1, 'block', mine);
}

const startTimes = new WeakMap<World, number>();
function startOf(world: World): number {
  const known = startTimes.get(world) ?? world.scheduler.nowMs();
  startTimes.set(world, known);
  return known;
}

function lateness({ plan, scheduler, isCalm }: World, signer: number): number {
  if (isCalm() || plan.rates.delay === 0) return 5;
  return (scheduler.nowMs() / 1_000 + signer * 7) % 5 < 1 ? 4_000 : 40 + signer;
}

function observe({ chain, honest, byzantine, broken, scheduler }: World, node: World['honest'][number] | World['byzantine'][number]): void {
  const head = chain.head();
  if (!head) return;
  const own = [...honest, ...byzantine].find(({ signer }) => signer === node.signer);
  const from = 'process' in node ? (node.process()?.nextDepositIndex() ?? 0n) : 0n;
  if (!own?.isUp()) {
    scheduler.after(1_000, `v${node.signer} sees the chain later`, () => observe({ chain, honest, byzantine, broken, scheduler } as World, node));
    return;
  }
  own.observe(head, { deposits: chain.depositsFrom(from, head.height), exits: [] }).catch((error: unknown) => {
    if (!(error instanceof RejectError)) broken(`v${node.signer} sees the chain`, error);
  });
}

function keepSyncing(world: World, signer: number): void {
  const { scheduler, broken } = world;
  const look = () => {
    syncFromPeers(world, signer).catch((error: unknown) => broken(`v${signer} syncs`, error));
    if (!world.isCalm()) scheduler.after(simulatorLimits.syncEveryMs, `v${signer} syncs`, look);
  };
  scheduler.after(simulatorLimits.syncEveryMs + signer * 100, `v${signer} syncs`, look);
}

function schedule(world: World, action: Action): void {
  const { scheduler, wallets, honest, attackers, chain, wire, faults, broken, plan } = world;
  if (action.type === 'crashAtWrite' || action.type === 'deviceCrashAtWrite') return;
  scheduler.after(action.atMs, action.id, () => {
    switch (action.type) {
      case 'wish': {
        const { device, to, amount, kind, isImpatient, id } = action;
        const memo = hashFromBytes(keccak256(utf8(id)));
        wallets.get(device)?.want({ kind, recipient: world.addressOf(to), asset: PATH_USD, amount, memo, isImpatient });
        return;
      }
      case 'deposit':
        chain.deposit({ owner: world.addressOf(action.owner), asset: PATH_USD }, action.amount);
        return;
      case 'validatorCrash': {
        const node = honest.find(({ signer }) => signer === action.signer);
        node?.crash(action.share);
        scheduler.after(action.downMs, `v${action.signer} restarts`, () => node?.start());
        return;
      }
      case 'deviceCrash': {
        const wallet = wallets.get(action.device);
        wallet?.crash();
        scheduler.after(action.downMs, `${action.device} restarts`, () => wallet?.start());
        return;
      }
      case 'partition': {
        faults.add('partition');
        const inside = new Set(action.members);
        const everyone = [...plan.stakes.map((_, signer) => `v${signer}`), ...wallets.keys(), 'relay', 'evil', 'mallory0'];
        const outside = new Set(everyone.filter((name) => !inside.has(name)));
        wire.cut(inside, outside);
        scheduler.after(action.forMs, 'links heal', () => wire.heal());
        return;
      }
      case 'attack':
        attackers[action.attacker]
          ?.move(plan.seed, action.id)
          .catch((error: unknown) => broken(`an attack (${action.id})`, error));
    }
  });
}
