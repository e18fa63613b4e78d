import { setTimeout as wait } from 'node:timers/promises';
import { type Evidence, RejectError } from '@fastpay/protocol';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { backoffMs } from './backoff.ts';
import { peerLimits } from './limits.ts';
import type { Peer } from './peer.ts';
import { PeerError } from './peer-error.ts';
import type { Positions } from './positions.ts';
import { kindOfFailure, pullPage } from './pull.ts';
import type { TakeInDependencies } from './take-in.ts';

export interface FollowDependencies extends TakeInDependencies {
  readonly positions: Positions;
  readonly metrics: Pick<Metrics, 'pulled' | 'pullFailures'>;
  readonly log: Log;
  readonly onEvidence: (evidence: Evidence) => void;
  /** Called when everything that the peer has is known here. */
  readonly onCaughtUp: (signer: number) => void;
  readonly monotonicMs: () => number;
  readonly signal: AbortSignal;
}

/**
 * Reads one peer's resolutions for as long as the process runs (§9): page after page while there are more, then
 * every `intervalMs`. Each peer has a loop of its own, so that one that is slow or lies keeps nobody else back.
 */
export async function followPeer(
  peer: Peer,
  { intervalMs }: { readonly intervalMs: number },
  dependencies: FollowDependencies,
): Promise<void> {
  const { positions, metrics, log, signal, monotonicMs } = dependencies;
  let failures = 0;
  let evidenceAskedMs = Number.NEGATIVE_INFINITY;

  /** One page. @returns Milliseconds until the next look. */
  async function look(): Promise<number> {
    const { position, fresh, hasMore } = await pullPage(peer, positions.of(peer.signer), dependencies);
    positions.move(peer.signer, position);
    metrics.pulled.inc({ peer: peer.name }, fresh);
    if (failures > 0) log.info({ peer: peer.name }, 'the peer answers again');
    failures = 0;
    if (hasMore) return fresh > 0 ? 0 : peerLimits.repeatPauseMs;
    dependencies.onCaughtUp(peer.signer);
    await positions.save();
    if (monotonicMs() - evidenceAskedMs >= peerLimits.evidenceIntervalMs) {
      evidenceAskedMs = monotonicMs();
      for (const evidence of await peer.evidence(signal)) dependencies.onEvidence(evidence);
    }
    return intervalMs;
  }

  function noteFailure(error: unknown): number {
    failures++;
    const kind = kindOfFailure(error);
    metrics.pullFailures.inc({ peer: peer.name, kind });
    const facts = { peer: peer.name, kind, reason: describe(error), failures };
    if (kind === 'lie') log.warn(facts, 'the peer answers what no honest validator would');
    else if (failures === 1) log.info(facts, 'the peer does not answer');
    return backoffMs(failures);
  }

  while (!signal.aborted) {
    let pauseMs: number;
    try {
      pauseMs = await look();
    } catch (error) {
      if (signal.aborted) return;
      if (!isFailureOfPeer(error)) throw error;
      pauseMs = noteFailure(error);
    }
    await pause(pauseMs, signal);
  }
}

/** Resolves early, and never rejects, when the process stops. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function isFailureOfPeer(error: unknown): boolean {
  return error instanceof PeerError || error instanceof RejectError;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
