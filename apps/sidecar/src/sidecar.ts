import { randomBytes } from 'node:crypto';
import { Code, ConnectError } from '@connectrpc/connect';
import { createVerificationContext } from '@fastpay/crypto';
import { createNodeEngine } from '@fastpay/crypto/node';
import { domainSeparator, type Network } from '@fastpay/protocol';
import type { Kv, Marker } from '@fastpay/storage';
import { createValidator, StoreMismatchError, type Validator } from '@fastpay/validator';
import { connectToChain } from './chain/connect.ts';
import { createReserveCheck } from './chain/reserve-check.ts';
import { createChainState } from './chain/state.ts';
import { createWatcher } from './chain/watcher.ts';
import { ConfigError } from './config/error.ts';
import type { SidecarConfig } from './config/schema.ts';
import { createReporter } from './evidence/reporter.ts';
import { createWitness, witnessBounds } from './evidence/witness.ts';
import type { Identity } from './keys/identity.ts';
import { createAccountLimit } from './limits/account-limit.ts';
import { createGate } from './limits/admission.ts';
import { createSyncLimit } from './limits/sync-limit.ts';
import { type FileMarker, openFileMarker } from './marker/file-marker.ts';
import { markerFileOf } from './marker/marker-file-of.ts';
import { createWatchedMarker } from './marker/watched-marker.ts';
import { createAlarmLog } from './observe/alarm-log.ts';
import type { Log } from './observe/log.ts';
import { createMetrics } from './observe/metrics.ts';
import { whyObserving } from './observe/observing.ts';
import { createPages } from './observe/pages.ts';
import { createReadinessLog, readinessOf } from './observe/readiness.ts';
import { type PeerAddress, peerAddresses } from './peers/addresses.ts';
import { createPeer } from './peers/peer.ts';
import { createPeers } from './peers/peers.ts';
import { openPositions } from './peers/positions.ts';
import type { Fatal } from './process/fatal.ts';
import { UnavailableError } from './process/unavailable-error.ts';
import { createListener } from './server/listener.ts';
import { createRoutes } from './server/routes.ts';
import { createRpcRoutes } from './server/rpc-routes.ts';
import type { Clock } from './service/dependencies.ts';
import { createQuorumHub } from './service/quorum-hub.ts';
import { createServiceRoutes } from './service/service.ts';
import { wireSettler } from './settler/wire.ts';
import { createWatchedKv } from './store/watched-kv.ts';

export interface SidecarDependencies {
  readonly network: Network;
  readonly identity: Identity;
  /** Opens the store; a directory that is missing is made. @throws UnavailableError while another process has it. */
  readonly openKv: (directory: string) => Promise<Kv>;
  readonly log: Log;
  readonly fatal: Fatal;
  /** The reserve on the node's chain is not the manifest's. */
  readonly onWrongReserve: (problem: string) => void;
  readonly version: string;
}

export interface Sidecar {
  /** Where it serves. */
  readonly url: string;
  /** Takes no more requests, lets those in flight finish, closes the store. */
  stop(): Promise<void>;
}

/**
 * Wires one validator together and serves it.
 * @throws ConfigError when the store was made for another network or validator; UnavailableError when the port or the
 * data directory is taken.
 */
export async function startSidecar(config: SidecarConfig, dependencies: SidecarDependencies): Promise<Sidecar> {
  const { network, identity, openKv, log, fatal, version } = dependencies;
  const clock: Clock = { unixMs: Date.now, monotonicMs: () => performance.now() };
  const nowMs = clock.monotonicMs;
  const metrics = createMetrics();
  const shutdown = new AbortController();
  const addresses: readonly PeerAddress[] = peerAddresses(config.peers, network, config.name);

  const kv = createWatchedKv(await openKv(config.dataDirectory), {
    onWrite: (seconds) => metrics.storeWriteSeconds.observe(seconds),
    onFailure: (error) => fatal('the store failed', error),
    nowMs,
  });
  const markerFile = await openMarker(config, dependencies, kv);
  const marker = createWatchedMarker(markerFile, {
    onWrite: (seconds) => metrics.markerWriteSeconds.observe(seconds),
    onFailure: (error) => fatal('the signing marker failed', error),
    nowMs,
  });
  const validator = openValidator(config, dependencies, { kv, marker });
  const observing = () => {
    const reason = validator.observingReason();
    return reason === undefined ? undefined : whyObserving(reason);
  };
  if (validator.mode() === 'observing') log.error({ reason: validator.observingReason() }, observing());

  const reporter = createReporter(validator, { log, metrics });
  const witness = createWitness(witnessBounds, { onEvidence: reporter.report });
  validator.onBulletinEntry(({ event }) => {
    if (event.type === 'resolved') witness.commits(event.certificate);
  });
  const committee = addresses.map(createPeer);
  const peers = createPeers(
    { signer: identity.signer, intervalMs: config.peerIntervalMs, staleLockMs: config.staleLockMs },
    {
      validator,
      context: createVerificationContext(network, createNodeEngine()),
      peers: committee,
      positions: openPositions(
        { directory: config.dataDirectory, storeId: validator.storeId() },
        {
          slotsResolved: () => validator.counters().slotsResolved,
          onFailure: (error) => log.warn({ err: error }, 'how far peers were read could not be written down'),
        },
      ),
      witness,
      reporter,
      metrics,
      log,
      fatal,
      clock,
    },
  );

  const connection = await connectToChain(config, {
    network,
    identity,
    validator,
    log,
    fatal,
    unixMs: clock.unixMs,
  });
  const { chain, isSimulated } = connection;
  const state = createChainState(config.chain, { validator, unixMs: clock.unixMs });
  const readiness = () =>
    readinessOf({
      store: () => validator.failure()?.message,
      mode: observing,
      chain: state.notReadyReason,
    });
  const logReadiness = createReadinessLog(readiness, log);
  const logAlarms = createAlarmLog(validator, { log, metrics, witness });
  const watcher = createWatcher(config.chain, {
    source: chain,
    validator,
    state,
    reserveCheck: createReserveCheck(network, { source: chain }),
    metrics,
    log,
    fatal,
    onWrongReserve: dependencies.onWrongReserve,
    onLooked() {
      logReadiness();
      logAlarms();
    },
  });

  const settler = wireSettler(config, {
    network,
    identity,
    validator,
    connection,
    head: state.soundHead,
    peers: committee,
    stopped: shutdown.signal,
    registry: metrics.registry,
    log,
    fatal,
    unixMs: clock.unixMs,
  });

  const rpc = createRpcRoutes({
    routes: createServiceRoutes({
      validator,
      network,
      separator: domainSeparator(network.domain),
      identity,
      accountLimit: createAccountLimit(config.limits, { metrics, nowMs }),
      syncLimit: createSyncLimit(config.limits, { metrics, nowMs }),
      hub: createQuorumHub(),
      witness,
      metrics,
      chain: state,
      clock,
      // The one place on the wire where whoever asks is told (semver build metadata).
      version: isSimulated ? `${version}+simulated-chain` : version,
    }),
    gate: createGate(config.limits, { metrics, nowMs }),
    metrics,
    log,
    fatal,
    shutdownSignal: shutdown.signal,
    nowMs,
  });
  const pages = createPages({
    validator,
    peers,
    chain: state,
    isSimulated,
    metrics,
    readiness,
    unixMs: clock.unixMs,
  });
  const listener = createListener(
    { ...config.listen, maxConnections: config.limits.connections },
    {
      handle: createRoutes(config, {
        rpc,
        pages,
        onError: (error, requestId) => log.error({ err: error, requestId }, 'a page failed'),
      }),
      onConnections: (open) => metrics.connections.set(open),
      onDropped: (reason) => metrics.connectionsDropped.inc({ reason }),
    },
  );
  const url = await listener.listen().catch((error: unknown) => portTaken(config.listen, error));
  if (config.chain.watch) watcher.start();
  if (config.settlement.submit) settler.start();
  peers.start();

  return {
    url,
    async stop() {
      shutdown.abort(new ConnectError('the validator is stopping', Code.Unavailable));
      const [cut] = await Promise.all([
        listener.drain(config.drainTimeoutMs),
        watcher.stop(),
        settler.stop(),
        peers.stop(),
      ]);
      if (cut > 0) log.warn({ connections: cut }, 'connections were cut when the time to finish was over');
      await connection.stop();
      await kv.close();
      await markerFile.close();
    },
  };
}

function openValidator(
  { dataDirectory }: SidecarConfig,
  { network, identity: { signer, votingSigner, settlementSigner } }: SidecarDependencies,
  { kv, marker }: { readonly kv: Kv; readonly marker: Marker },
): Validator {
  try {
    return createValidator(
      { network, signer },
      { kv, marker, engine: createNodeEngine(), votingSigner, settlementSigner, newStoreId: () => randomBytes(16) },
    );
  } catch (error) {
    if (!(error instanceof StoreMismatchError)) throw error;
    const fix = 'give each validator of each network a data directory of its own';
    throw new ConfigError([{ field: `dataDirectory ${dataDirectory}`, problem: error.message, fix }], { cause: error });
  }
}

/** A marker that cannot be used must not leave the store open behind it. */
async function openMarker(
  { markerFile, keyFile }: SidecarConfig,
  { identity }: SidecarDependencies,
  kv: Kv,
): Promise<FileMarker> {
  try {
    return await openFileMarker(markerFileOf({ markerFile, keyFile }), identity.votingSigner.publicKey);
  } catch (error) {
    await kv.close();
    throw error;
  }
}

function portTaken({ host, port }: SidecarConfig['listen'], cause: unknown): never {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === undefined) throw cause;
  const why = code === 'EADDRINUSE' ? 'is taken by another process' : `cannot be listened on (${code})`;
  throw new UnavailableError(`listen ${host}:${port}: ${why}\n  → choose another with --listen.port`, { cause });
}
