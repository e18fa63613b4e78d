import { existsSync, readFileSync } from 'node:fs';
import { decodeNetwork, type Network } from '@fastpay/protocol';
import { type ChainNode, startChainNode } from './chain/node.ts';
import type { Cleanup } from './cleanup.ts';
import { createFaucet } from './control/faucet.ts';
import { startControl } from './control/server.ts';
import { DevnetError, messageOf } from './error.ts';
import { validatorUrl, writeConfigs } from './network/configs.ts';
import { assertSameContract } from './network/contract.ts';
import { createNetwork } from './network/create.ts';
import type { DevnetOptions } from './options.ts';
import { assertFree, choosePorts, type Ports, VALIDATOR_NAMES } from './ports.ts';
import type { Child } from './process/child.ts';
import { waitUntilReady } from './process/ready.ts';
import { startRelay } from './relay.ts';
import type { Progress } from './screen/progress.ts';
import { clearState, openStateDirectory } from './state/directory.ts';
import type { StateLayout } from './state/layout.ts';
import { acquireLock } from './state/lock.ts';
import { type Runtime, removeRuntime, waitForOrphans, writeRuntime } from './state/runtime.ts';
import { createValidatorSet, type ValidatorSet, validatorSpecs } from './validators.ts';
import { buildWalletIfChanged, findBuiltWallet } from './wallet/build.ts';
import { startWalletDevServer } from './wallet/dev-server.ts';

export interface Devnet {
  readonly runtime: Runtime;
  readonly network: Network;
  readonly validators: ValidatorSet;
  /** Resolves with the reason when a part that everything needs has failed. */
  readonly failed: Promise<string>;
}

export interface DevnetDependencies {
  readonly repositoryRoot: string;
  readonly progress: Progress;
  readonly cleanup: Cleanup;
  readonly onValidatorCrash: (name: string, description: string) => void;
  readonly onValidatorChange: () => void;
}

const READY_TIMEOUT_MS = 60_000;
const GRACE_MS = 5_000;
/** New networks are seeded at this pace, whatever pace they are to have later. */
const SEEDING_BLOCK_TIME_SECONDS = 0.5;

/**
 * Starts a whole network. Everything that was started is registered with `cleanup`, which the caller runs in any case.
 * @throws DevnetError that says what is wrong, Interrupted when `cleanup` was run meanwhile.
 */
export async function startDevnet(options: DevnetOptions, dependencies: DevnetDependencies): Promise<Devnet> {
  const { progress, cleanup, repositoryRoot } = dependencies;
  const layout = openStateDirectory(options.stateDirectory);
  const release = acquireLock(layout.lock, layout.directory);
  await cleanup.add(release);
  await waitForOrphans(layout.runtime, () => progress.note('Waiting for the last run’s processes to end'));
  discardState(options, layout, progress);
  const isNew = !existsSync(layout.network);
  if (!isNew) assertSameContract(layout);

  const ports = await progress.step('Ports are free', async () => {
    const chosen = await choosePorts(options, layout.ports);
    await assertFree(chosen, options.dev);
    return chosen;
  });
  const walletDirectory = await prepareWallet(options, dependencies);
  cleanup.check();

  const node = await progress.step(`Tempo node on port ${ports.node}`, () => startNode(options, layout, ports, isNew));
  await cleanup.add(() => node.stop());
  cleanup.check();
  const network = isNew
    ? await createNetwork(
        { layout, node, exitDelaySeconds: options.exitDelaySeconds },
        { progress, check: () => cleanup.check() },
      )
    : readNetwork(layout);
  // The clock of a chain that slept stands where it went to sleep.
  if (!isNew) await node.rpc.request('evm_mine', []);

  const relayUrl = `http://127.0.0.1:${ports.relay}`;
  const walletUrl = options.dev ? `http://127.0.0.1:${ports.dev}` : relayUrl;
  const controlUrl = `http://127.0.0.1:${ports.control}`;
  const origins = [ports.relay, ...(options.dev ? [ports.dev] : [])].flatMap((port) => [
    `http://127.0.0.1:${port}`,
    `http://localhost:${port}`,
  ]);
  writeConfigs(layout, {
    ports,
    rpcUrl: node.rpcUrl,
    controlUrl,
    blockTimeSeconds: options.blockTimeSeconds,
    settle: options.settle,
    sponsor: options.sponsor,
    walletDirectory,
    allowedOrigins: origins,
  });

  const validators = createValidatorSet(
    { repositoryRoot, validators: validatorSpecs(layout, ports) },
    { onCrash: dependencies.onValidatorCrash, onChange: () => publish() },
  );
  const others: Child[] = [];
  const processes = () => [
    { name: 'devnet', pid: process.pid },
    { name: 'Tempo node', pid: node.pid },
    ...others.map(({ name, pid }) => ({ name, pid })),
    ...validators.list().flatMap(({ name, pid }) => (pid === undefined ? [] : [{ name: `validator ${name}`, pid }])),
  ];
  const runtime = (): Runtime => ({
    pid: process.pid,
    walletUrl,
    relayUrl,
    nodeUrl: node.rpcUrl,
    controlUrl,
    networkFile: layout.network,
    stateDirectory: layout.directory,
    validators: VALIDATOR_NAMES.map((name, signer) => ({ name, url: validatorUrl(ports, signer) })),
    processes: processes(),
  });
  let published = false;
  const publish = () => {
    if (published) writeRuntime(layout.runtime, runtime());
    dependencies.onValidatorChange();
  };

  await progress.step(`Validators ${VALIDATOR_NAMES.join(', ')}`, async () => {
    await cleanup.add(() => validators.shutDown());
    await Promise.all(VALIDATOR_NAMES.map((name) => validators.start(name)));
  });
  cleanup.check();
  const relay = await progress.step(`Relay on port ${ports.relay}`, () =>
    startRelay({ layout, relayUrl, repositoryRoot }, (started) => cleanup.add(() => started.stop(GRACE_MS))),
  );
  others.push(relay);
  if (options.dev) others.push(await startDevServer(layout, ports, relayUrl, dependencies));
  cleanup.check();

  await progress.step('Validators see the chain', async () => {
    await Promise.all(
      VALIDATOR_NAMES.map((_, signer) =>
        waitUntilReady(relay, `${validatorUrl(ports, signer)}/readyz`, READY_TIMEOUT_MS),
      ),
    );
  });
  if (isNew && options.blockTimeSeconds > SEEDING_BLOCK_TIME_SECONDS) {
    await node.setBlockTime(Math.max(1, Math.round(options.blockTimeSeconds)));
  }
  const control = await startControl(
    { port: ports.control, allowedOrigins: origins },
    { give: createFaucet({ rpcUrl: node.rpcUrl, network }), validators, processes },
  );
  await cleanup.add(() => control.close());

  published = true;
  publish();
  await cleanup.add(() => {
    published = false;
    removeRuntime(layout.runtime);
  });
  cleanup.check();
  return { runtime: runtime(), network, validators, failed: firstFailure(node, others, cleanup) };
}

function discardState(options: DevnetOptions, layout: StateLayout, progress: Progress): void {
  if (options.fresh) {
    const deleted = clearState(layout);
    progress.note(deleted.length > 0 ? `Deleted from ${layout.directory}: ${deleted.join(', ')}` : 'Nothing to delete');
    return;
  }
  // The manifest is written last: without it the first start never finished, and nothing here was ever used.
  if (!existsSync(layout.network)) clearState(layout);
}

function prepareWallet(
  options: DevnetOptions,
  { repositoryRoot, progress }: DevnetDependencies,
): Promise<string> | string | undefined {
  if (options.dev) return undefined;
  if (!options.buildWallet) {
    const directory = findBuiltWallet(repositoryRoot);
    if (directory === undefined) progress.note('There is no built wallet: the relay serves none');
    return directory;
  }
  return progress.step('Wallet is built', async () => {
    const { directory } = await buildWalletIfChanged(repositoryRoot, () => undefined);
    return directory;
  });
}

function startNode(options: DevnetOptions, layout: StateLayout, ports: Ports, isNew: boolean): Promise<ChainNode> {
  if (!isNew && !existsSync(layout.chainState)) {
    throw new DevnetError(
      `The chain of this devnet is gone: ${layout.chainState} is missing, and its validators would refuse another.\n` +
        'Start anew: npm start -- --fresh',
    );
  }
  const { blockTimeSeconds } = options;
  return startChainNode({
    port: ports.node,
    blockTimeSeconds: isNew ? Math.min(SEEDING_BLOCK_TIME_SECONDS, blockTimeSeconds) : blockTimeSeconds,
    stateFile: layout.chainState,
  });
}

function readNetwork(layout: StateLayout): Network {
  try {
    return decodeNetwork(JSON.parse(readFileSync(layout.network, 'utf8')));
  } catch (error) {
    throw new DevnetError(`${layout.network}: ${messageOf(error)}\nStart anew: npm start -- --fresh`, { cause: error });
  }
}

function startDevServer(
  layout: StateLayout,
  ports: Ports,
  relayUrl: string,
  { repositoryRoot, progress, cleanup }: DevnetDependencies,
): Promise<Child> {
  return progress.step(`Wallet with hot reload on port ${ports.dev}`, async () => {
    const server = await startWalletDevServer({
      port: ports.dev,
      relayUrl,
      repositoryRoot,
      logFile: layout.log('wallet'),
    });
    await cleanup.add(() => server.stop(GRACE_MS));
    return server;
  });
}

/** Without its node or relay a devnet is of no use; a validator it can do without. */
function firstFailure(node: ChainNode, others: readonly Child[], cleanup: Cleanup): Promise<string> {
  const ended = others.map(async (child) => {
    const exit = await child.exited;
    // Stopping: its end is no failure, and nobody waits for this any more.
    return cleanup.begun ? new Promise<string>(() => undefined) : child.describeExit(exit);
  });
  return Promise.race([node.failed, ...ended]);
}
