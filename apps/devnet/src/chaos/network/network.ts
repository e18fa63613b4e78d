import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Network } from '@fastpay/protocol';
import { type ChainNode, startChainNode } from '../../chain/node.ts';
import type { Cleanup } from '../../cleanup.ts';
import { DevnetError } from '../../error.ts';
import { validatorUrl, writeConfigs } from '../../network/configs.ts';
import { createNetwork } from '../../network/create.ts';
import { choosePorts, VALIDATOR_NAMES } from '../../ports.ts';
import type { Child } from '../../process/child.ts';
import { startRelay } from '../../relay.ts';
import type { Progress } from '../../screen/progress.ts';
import { openStateDirectory } from '../../state/directory.ts';
import type { StateLayout } from '../../state/layout.ts';
import { acquireLock } from '../../state/lock.ts';
import { createValidatorSet, validatorSpecs } from '../../validators.ts';
import type { Fault } from '../plan/fault.ts';
import { limitFileBytes } from './file-limit.ts';
import { openLinks } from './links.ts';
import { createPauses } from './pauses.ts';

/** A devnet whose every process and connection can be broken and healed. */
export interface ChaosNetwork {
  readonly network: Network;
  /** Where wallets find the relay: a way that can be cut. */
  readonly relayUrl: string;
  /** Straight to the Tempo node, whatever is cut. */
  readonly nodeUrl: string;
  /** Straight to each validator, by committee index. */
  readonly validatorUrls: readonly string[];
  inject(fault: Fault): Promise<void>;
  /** Ends every fault and starts whatever does not run. @throws DevnetError when something does not come up. */
  heal(): Promise<void>;
  /** Last words of processes that ended although nothing had been done to them that ends a process. */
  readonly crashes: readonly string[];
  /** How often a validator ended itself because its disk was full or could not be written. */
  readonly endedByDisk: number;
  /** Every process that was ever started here. */
  readonly processIds: ReadonlySet<number>;
}

const BLOCK_TIME_SECONDS = 0.5;
const GRACE_MS = 5_000;

/**
 * Starts everything, every connection over a link of its own. What was started is registered with `cleanup`.
 * @throws DevnetError.
 */
export async function startChaosNetwork(
  options: { readonly directory: string; readonly repositoryRoot: string; readonly exitDelaySeconds: bigint },
  { progress, cleanup }: { readonly progress: Progress; readonly cleanup: Cleanup },
): Promise<ChaosNetwork> {
  const { repositoryRoot, exitDelaySeconds } = options;
  const layout = openStateDirectory(options.directory);
  await cleanup.add(acquireLock(layout.lock, layout.directory));
  const ports = await choosePorts({ portBase: 0 }, layout.ports);
  const processIds = new Set<number>();
  const pauses = createPauses();

  const startNode = async () => {
    const started = await startChainNode({
      port: ports.node,
      blockTimeSeconds: BLOCK_TIME_SECONDS,
      stateFile: layout.chainState,
    });
    processIds.add(started.pid);
    return started;
  };
  let node: ChainNode = await progress.step('Tempo node', startNode);
  await cleanup.add(() => node.stop());
  let nodeIsKilled = false;
  const network = await createNetwork({ layout, node, exitDelaySeconds }, { progress, check: () => cleanup.check() });

  const links = await openLinks(ports);
  await cleanup.add(() => links.close());
  writeConfigs(layout, {
    ports,
    rpcUrl: node.rpcUrl,
    controlUrl: `http://127.0.0.1:${ports.control}`,
    blockTimeSeconds: BLOCK_TIME_SECONDS,
    settle: true,
    walletDirectory: undefined,
    allowedOrigins: [],
    routes: {
      peer: (from, to) => links.peer(from, to)?.url ?? validatorUrl(ports, to),
      relayTo: (validator) => links.relayTo(validator).url,
      toNode: (validator) => links.toNode(validator).url,
    },
  });

  const crashes: string[] = [];
  /** Validators whose disk fails: they may end themselves. */
  const failing = new Set<string>();
  let endedByDisk = 0;
  const validators = createValidatorSet(
    { repositoryRoot, validators: validatorSpecs(layout, ports) },
    {
      onCrash(name, description) {
        if (failing.has(name)) endedByDisk++;
        else crashes.push(description);
      },
      onChange() {
        for (const { pid } of validators.list()) if (pid !== undefined) processIds.add(pid);
      },
    },
  );
  await progress.step(`Validators ${VALIDATOR_NAMES.join(', ')}`, async () => {
    await cleanup.add(() => validators.shutDown());
    await Promise.all(VALIDATOR_NAMES.map((name) => validators.start(name)));
  });

  let relay: Child | undefined;
  let stopping = false;
  const relayUrl = `http://127.0.0.1:${ports.relay}`;
  const ensureRelay = async () => {
    if (relay?.isRunning || stopping) return;
    await startRelay({ layout, relayUrl, repositoryRoot }, (started) => {
      relay = started;
      processIds.add(started.pid);
      void started.exited.then((exit) => {
        if (exit.signal !== 'SIGKILL' && !stopping) crashes.push(started.describeExit(exit));
      });
      return Promise.resolve();
    });
  };
  await cleanup.add(() => relay?.stop(GRACE_MS));
  await progress.step('Relay', ensureRelay);
  // Runs first of all: what ends from now on ends because we say so.
  await cleanup.add(async () => {
    stopping = true;
    await pauses.resume();
  });

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
  const killNode = () => {
    nodeIsKilled = true;
    process.kill(node.pid, 'SIGKILL');
  };

  async function limitFiles(validator: number, bytes: number): Promise<void> {
    failing.add(nameOf(validator));
    await limitFileBytes(processOf(validator), bytes);
  }

  async function inject(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'kill validator':
        return validators.stop(nameOf(fault.validator));
      case 'pause validator':
        return pauses.pause(processOf(fault.validator));
      case 'disk full':
        return limitFiles(fault.validator, storeBytes(layout, nameOf(fault.validator)));
      case 'store not writable':
        return limitFiles(fault.validator, 0);
      case 'kill relay':
        return relay?.kill();
      case 'pause relay':
        return relay && pauses.pause(relay.pid);
      case 'kill Tempo node':
        return killNode();
      case 'pause Tempo node':
        return pauses.pause(node.pid);
      case 'kill all validators but one': {
        const others = VALIDATOR_NAMES.filter((_, index) => index !== fault.validator);
        await Promise.all(others.map((name) => validators.stop(name)));
        return;
      }
      case 'kill everything':
        killNode();
        await Promise.all([relay?.kill(), ...VALIDATOR_NAMES.map((name) => validators.stop(name))]);
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

  async function heal(): Promise<void> {
    links.heal();
    await pauses.resume();
    for (const { name, pid } of validators.list()) {
      if (pid !== undefined && failing.has(name)) await limitFileBytes(pid, 'unlimited');
    }
    if (nodeIsKilled) {
      await node.stop();
      node = await startNode();
      nodeIsKilled = false;
    }
    await Promise.all([ensureRelay(), ...VALIDATOR_NAMES.map((name) => validators.start(name))]);
    failing.clear();
  }

  return {
    network,
    relayUrl: links.walletsToRelay.url,
    nodeUrl: node.rpcUrl,
    validatorUrls: VALIDATOR_NAMES.map((_, index) => validatorUrl(ports, index)),
    inject,
    heal,
    crashes,
    get endedByDisk() {
      return endedByDisk;
    },
    processIds,
  };
}

/** Bytes of the store's file as it is now: the disk is full when it may not grow. */
function storeBytes(layout: StateLayout, name: string): number {
  return statSync(join(layout.store(name), 'data.mdb')).size;
}
