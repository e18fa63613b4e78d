import { RejectError } from '@fastpay/protocol';
import { createValidatorCalls } from '../actors/validator-calls.ts';
import type { ValidatorNode } from '../actors/validator-node.ts';
import { simulatorLimits } from '../limits.ts';
import { randomOf } from '../random/random.ts';
import type { World } from './world.ts';

/** §9: one validator asks another for what it has resolved, and takes over what verifies. */

const cursors = new WeakMap<World, Map<string, bigint>>();

/** Every few seconds, as long as there are faults. */
export function keepSyncing(world: World, signer: number): void {
  const { scheduler, broken } = world;
  const look = () => {
    syncFromPeers(world, signer).catch((error: unknown) => broken(`v${signer} syncs`, error));
    if (!world.isCalm()) scheduler.after(simulatorLimits.syncEveryMs, `v${signer} syncs`, look);
  };
  scheduler.after(simulatorLimits.syncEveryMs + signer * 100, `v${signer} syncs`, look);
}

async function syncFromPeers(world: World, signer: number): Promise<void> {
  const { honest, byzantine, plan, scheduler } = world;
  const peers = [...honest, ...byzantine].filter((peer) => peer.signer !== signer);
  if (peers.length === 0) return;
  const random = randomOf(plan.seed, `sync/${signer}/${scheduler.nowMs()}`);
  await pull(world, signer, random.pick(peers));
}

/** A page; whether there is more. */
export async function pull(world: World, signer: number, peer: ValidatorNode): Promise<boolean> {
  const { honest, wire, situations } = world;
  const own = honest.find((node) => node.signer === signer);
  if (!own?.isUp()) return false;
  const known = cursors.get(world) ?? new Map<string, bigint>();
  cursors.set(world, known);
  const key = `${signer}<${peer.signer}`;
  const calls = createValidatorCalls(own.name, peer, wire);
  try {
    const page = await calls.certificates({ afterCursor: known.get(key) ?? 0n, limit: simulatorLimits.syncPage });
    for (const certificate of page.certificates) {
      const taken = await takeOver(own, certificate);
      if (taken === 'new') situations.add('caughtUpFromPeers');
      // It has to be asked for again: nobody else may ever bring it.
      if (taken === 'later') return false;
    }
    // A liar may have left things out: what it showed is passed over, and others are asked too.
    if (!peer.isByzantine) known.set(key, page.nextCursor);
    return page.hasMore;
  } catch (error) {
    if (error instanceof RejectError) return false;
    throw error;
  }
}

async function takeOver(
  own: ValidatorNode,
  certificate: Parameters<ValidatorNode['resolve']>[0],
): Promise<'new' | 'known' | 'refused' | 'later'> {
  try {
    return (await own.resolve(certificate)) ? 'new' : 'known';
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
    return error.retryable ? 'later' : 'refused';
  }
}

/** This validator reads everything anew: what it held before may have been lost. */
export function forgetCursors(world: World, signer: number): void {
  const known = cursors.get(world);
  for (const key of known?.keys() ?? []) if (key.startsWith(`${signer}<`)) known?.delete(key);
}
