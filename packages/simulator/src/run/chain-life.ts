import { type CommitCertificate, PATH_USD, RejectError } from '@fastpay/protocol';
import type { HonestValidator } from '../actors/honest-validator.ts';
import { createWatcher } from '../actors/watcher.ts';
import { simulatorLimits } from '../limits.ts';
import { randomOf } from '../random/random.ts';
import { START_MS } from '../time/scheduler.ts';
import type { World } from './world.ts';

/** Blocks, who sees them when, who settles, and who closes the slots of those who leave. */
export function keepChainGoing(world: World): void {
  const { scheduler, chain, honest, byzantine, plan, broken } = world;
  const nodes = [...honest, ...byzantine];
  const watchers = nodes.map((node) => ({ signer: node.signer, look: createWatcher(node, chain) }));
  const busy = new Set<number>();
  let beats = 0;

  function lateness(signer: number): number {
    const random = randomOf(plan.seed, `late/${signer}/${beats}`);
    if (world.isCalm() || plan.rates.delay === 0 || !random.chance(0.2)) return 5 + signer;
    world.faults.add('lateDeposit');
    return random.between(1_000, 9_000);
  }

  async function beat(): Promise<void> {
    beats++;
    await chain.advanceTo(scheduler.nowMs());
    for (const { signer, look } of watchers) {
      scheduler.after(lateness(signer), `v${signer} sees the chain`, () => {
        look().catch((error: unknown) => broken(`v${signer} sees the chain`, error));
      });
    }
    await settleInTurn(world);
    for (const node of honest) {
      if (busy.has(node.signer)) continue;
      busy.add(node.signer);
      closeExits(world, node)
        .catch((error: unknown) => broken(`${node.name} closes slots`, error))
        .finally(() => busy.delete(node.signer));
    }
  }

  const next = () => {
    beat().catch((error: unknown) => broken('the chain', error));
    const { blocksEveryMs, calmBlocksEveryMs } = simulatorLimits;
    scheduler.after(world.isCalm() ? calmBlocksEveryMs : blocksEveryMs, 'blocks', next);
  };
  begin(world)
    .then(() => scheduler.after(1, 'blocks', next))
    .catch((error: unknown) => broken('the chain begins', error));
}

/** The deposits that are there from the start are final before anything else happens. */
async function begin({ plan, chain, addressOf }: World): Promise<void> {
  for (const action of plan.actions) {
    if (action.type !== 'deposit' || action.atMs > 0) continue;
    await chain.deposit({ owner: addressOf(action.owner), asset: PATH_USD }, action.amount);
  }
  for (let block = 0; block < 3; block++) chain.simulated.mine();
}

/** One validator after another sends what waits in its outbox; what is settled already costs nothing. */
async function settleInTurn({ honest, chain, network, scheduler, model, plan }: World): Promise<void> {
  if (scheduler.nowMs() - START_MS < plan.settlesFromMs) return;
  const turn = Math.floor(scheduler.nowMs() / simulatorLimits.settlerTurnMs) % plan.stakes.length;
  const inOrder = honest.toSorted((left, right) => distance(left, turn) - distance(right, turn));
  const settler = inOrder.find((node) => node.isUp());
  const waiting = settler
    ?.process()
    ?.outbox({ afterCursor: 0n, limit: 50 })
    .filter(({ stage }) => stage === 'QUEUED_ONCHAIN')
    .map(({ certificate }) => certificate);
  const member = settler && network.committee.members[settler.signer];
  if (!settler || !member || !waiting || waiting.length === 0) return;
  for (const certificate of waiting) model.believed(settler.name, certificate);
  await chain.settle(member.settlementAddress, waiting);

  function distance(node: HonestValidator, from: number): number {
    return (node.signer - from + plan.stakes.length) % plan.stakes.length;
  }
}

async function closeExits(world: World, node: HonestValidator): Promise<void> {
  const validator = node.process();
  const driver = world.drivers.get(node.signer);
  if (!validator || !driver) return;
  const accounts = validator.exitingAccounts(10);
  if (!accounts.some(({ openSlot }) => openSlot)) return;
  for (const certificate of await driver.look(validator, accounts)) {
    world.model.believed(node.name, certificate);
    world.situations.add('exitSlotClosed');
    tellAll(world, certificate).catch((error: unknown) => world.broken(`${node.name} tells of a slot`, error));
  }
}

/** Those who do not hear of it now catch up from their peers. */
async function tellAll({ honest, byzantine }: World, certificate: CommitCertificate): Promise<void> {
  await Promise.all(
    [...honest, ...byzantine].map(async (node) => {
      try {
        await node.resolve(certificate);
      } catch (error) {
        if (!(error instanceof RejectError)) throw error;
      }
    }),
  );
}
