import type { Network } from '@fastpay/protocol';
import type { Cleanup } from '../../cleanup.ts';
import { validatorUrl, writeConfigs } from '../../network/configs.ts';
import { createNetwork } from '../../network/create.ts';
import { choosePorts, VALIDATOR_NAMES } from '../../ports.ts';
import type { Progress } from '../../screen/progress.ts';
import { openStateDirectory } from '../../state/directory.ts';
import { acquireLock } from '../../state/lock.ts';
import { createValidatorSet, validatorSpecs } from '../../validators.ts';
import type { Random } from '../random.ts';
import { createInjector, type Injector } from './injector.ts';
import { openLinks } from './links.ts';
import { createPauses } from './pauses.ts';
import { startRevivableNode } from './revivable-node.ts';
import { createRevivableRelay } from './revivable-relay.ts';

/** A devnet whose every process and connection can be broken and healed. */
export interface ChaosNetwork extends Pick<Injector, 'inject' | 'heal' | 'killsInLoops'> {
  readonly network: Network;
  /** Where wallets find the relay: a way that can be cut. */
  readonly relayUrl: string;
  /** Straight to the Tempo node, whatever is cut. */
  readonly nodeUrl: string;
  /** Straight to each validator, by committee index. */
  readonly validatorUrls: readonly string[];
  /** Last words of processes that ended although nothing had been done to them that ends a process. */
  readonly crashes: readonly string[];
  /** How often a validator ended itself because its disk was full or could not be written. */
  readonly endedByDisk: number;
  /** Every process that was ever started here. */
  readonly processIds: ReadonlySet<number>;
}

const BLOCK_TIME_SECONDS = 0.5;

/**
 * Starts everything, every connection over a link of its own. What was started is registered with `cleanup`.
 * @throws DevnetError.
 */
export async function startChaosNetwork(
  options: { readonly directory: string; readonly repositoryRoot: string; readonly exitDelaySeconds: bigint },
  { progress, cleanup, random }: { readonly progress: Progress; readonly cleanup: Cleanup; readonly random: Random },
): Promise<ChaosNetwork> {
  const { repositoryRoot, exitDelaySeconds } = options;
  const layout = openStateDirectory(options.directory);
  await cleanup.add(acquireLock(layout.lock, layout.directory));
  const ports = await choosePorts({ portBase: 0 }, layout.ports);
  const processIds = new Set<number>();
  const onStarted = (pid: number) => void processIds.add(pid);
  const crashes: string[] = [];
  let endedByDisk = 0;

  const node = await progress.step('Tempo node', () =>
    startRevivableNode(
      { port: ports.node, blockTimeSeconds: BLOCK_TIME_SECONDS, stateFile: layout.chainState },
      onStarted,
    ),
  );
  await cleanup.add(() => node.stop());
  const network = await createNetwork(
    { layout, node: node.current, exitDelaySeconds },
    { progress, check: () => cleanup.check() },
  );

  const links = await openLinks(ports);
  await cleanup.add(() => links.close());
  writeConfigs(layout, {
    ports,
    rpcUrl: node.rpcUrl,
    controlUrl: `http://127.0.0.1:${ports.control}`,
    blockTimeSeconds: BLOCK_TIME_SECONDS,
    settle: true,
    sponsor: false,
    walletDirectory: undefined,
    allowedOrigins: [],
    routes: {
      peer: (from, to) => links.peer(from, to)?.url ?? validatorUrl(ports, to),
      relayTo: (validator) => links.relayTo(validator).url,
      toNode: (validator) => links.toNode(validator).url,
    },
  });

  const validators = createValidatorSet(
    { repositoryRoot, validators: validatorSpecs(layout, ports) },
    {
      onCrash(name, description) {
        const reason = injector.reasonToEnd(name);
        if (reason === 'disk') endedByDisk++;
        if (reason === undefined) crashes.push(description);
      },
      onChange() {
        for (const { pid } of validators.list()) if (pid !== undefined) processIds.add(pid);
      },
    },
  );
  const relay = createRevivableRelay(
    { layout, relayUrl: `http://127.0.0.1:${ports.relay}`, repositoryRoot },
    { onStarted, onCrash: (description) => crashes.push(description) },
  );
  const pauses = createPauses();
  const injector = createInjector({ layout, validators, relay, node, links, pauses, random });

  await progress.step(`Validators ${VALIDATOR_NAMES.join(', ')}`, async () => {
    await cleanup.add(() => validators.shutDown());
    await Promise.all(VALIDATOR_NAMES.map((name) => validators.start(name)));
  });
  await progress.step('Relay', async () => {
    await cleanup.add(() => relay.stop());
    await relay.revive();
  });
  // Runs before the others are stopped: what stands still hears nothing, and a loop would start it again.
  await cleanup.add(() => injector.calm());

  return {
    network,
    relayUrl: links.walletsToRelay.url,
    nodeUrl: node.rpcUrl,
    validatorUrls: VALIDATOR_NAMES.map((_, index) => validatorUrl(ports, index)),
    inject: injector.inject,
    heal: injector.heal,
    get killsInLoops() {
      return injector.killsInLoops;
    },
    crashes,
    get endedByDisk() {
      return endedByDisk;
    },
    processIds,
  };
}
