import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DevnetError } from '../../error.ts';
import { VALIDATOR_NAMES } from '../../ports.ts';
import type { StateLayout } from '../../state/layout.ts';
import type { ValidatorSet } from '../../validators.ts';
import type { Fault } from '../plan/fault.ts';
import type { Random } from '../random.ts';
import { limitFileBytes } from './file-limit.ts';
import { killInALoop } from './kill-loop.ts';
import type { Links } from './links.ts';
import type { Pauses } from './pauses.ts';
import type { RevivableNode } from './revivable-node.ts';
import type { RevivableRelay } from './revivable-relay.ts';

/** Breaks the parts of a network, and makes them whole again. */
export interface Injector {
  inject(fault: Fault): Promise<void>;
  /** Ends every fault and starts whatever does not run. @throws DevnetError when something does not come up. */
  heal(): Promise<void>;
  /** Ends every fault that goes on by itself, and starts nothing: before everything is stopped. */
  calm(): Promise<void>;
  /** Why a validator may end by itself now, if it may. */
  reasonToEnd(name: string): 'disk' | 'killed' | undefined;
  /** How often validators were killed while they were started again and again. */
  readonly killsInLoops: number;
}

export function createInjector(parts: {
  readonly layout: StateLayout;
  readonly validators: ValidatorSet;
  readonly relay: RevivableRelay;
  readonly node: RevivableNode;
  readonly links: Links;
  readonly pauses: Pauses;
  readonly random: Random;
}): Injector {
  const { layout, validators, relay, node, links, pauses, random } = parts;
  const reasons = new Map<string, 'disk' | 'killed'>();
  let loops: { readonly stop: AbortController; readonly ended: Promise<number> }[] = [];
  let killsInLoops = 0;

  const nameOf = (validator: number) => {
    const name = VALIDATOR_NAMES[validator];
    if (name === undefined) throw new DevnetError(`There is no validator ${validator}.`);
    return name;
  };
  const processOf = (validator: number) => {
    const pid = validators.list()[validator]?.pid;
    if (pid === undefined) throw new DevnetError(`${nameOf(validator)} does not run.`);
    return pid;
  };
  const stopAllBut = async (kept?: number) => {
    const others = VALIDATOR_NAMES.filter((_, index) => index !== kept);
    await Promise.all(others.map((name) => validators.stop(name)));
  };

  async function limitFiles(validator: number, bytes: number): Promise<void> {
    reasons.set(nameOf(validator), 'disk');
    await limitFileBytes(processOf(validator), bytes);
  }

  function loop(name: string): void {
    reasons.set(name, 'killed');
    const stop = new AbortController();
    const ended = killInALoop(name, { validators, random }, stop.signal);
    // Heard of when it is healed.
    ended.catch(() => undefined);
    loops.push({ stop, ended });
  }

  async function inject(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'kill validator':
        return validators.stop(nameOf(fault.validator));
      case 'kill validator in a loop':
        return loop(nameOf(fault.validator));
      case 'pause validator':
        return pauses.pause(processOf(fault.validator));
      case 'disk full':
        return limitFiles(fault.validator, storeBytes(layout, nameOf(fault.validator)));
      case 'store not writable':
        return limitFiles(fault.validator, 0);
      case 'kill relay':
        return relay.kill();
      case 'pause relay':
        return relay.pid === undefined ? undefined : pauses.pause(relay.pid);
      case 'kill Tempo node':
        return node.kill();
      case 'pause Tempo node':
        return pauses.pause(node.current.pid);
      case 'kill all validators but one':
        return stopAllBut(fault.validator);
      case 'kill everything':
        node.kill();
        await Promise.all([relay.kill(), stopAllBut()]);
        return;
      case 'cut':
        for (const link of links.along(fault.way)) link.cut();
        return;
      case 'stall':
        for (const link of links.along(fault.way)) link.stall();
        return;
      case 'delay':
        for (const link of links.along(fault.way)) link.delay(fault.delayMs);
        return;
    }
  }

  async function endLoops(): Promise<void> {
    for (const { stop } of loops) stop.abort();
    for (const { ended } of loops) killsInLoops += await ended;
    loops = [];
  }

  async function calm(): Promise<void> {
    links.heal();
    await pauses.resume();
    await endLoops();
  }

  return {
    inject,
    calm,
    async heal() {
      await calm();
      for (const { name, pid } of validators.list()) {
        if (pid !== undefined && reasons.get(name) === 'disk') await limitFileBytes(pid, 'unlimited');
      }
      // All at once: none may need another to come up.
      await Promise.all([node.revive(), relay.revive(), ...VALIDATOR_NAMES.map((name) => validators.start(name))]);
      reasons.clear();
    },
    reasonToEnd: (name) => reasons.get(name),
    get killsInLoops() {
      return killsInLoops;
    },
  };
}

/** Bytes of the store's file as it is now: the disk is full when it may not grow. */
function storeBytes(layout: StateLayout, name: string): number {
  return statSync(join(layout.store(name), 'data.mdb')).size;
}
