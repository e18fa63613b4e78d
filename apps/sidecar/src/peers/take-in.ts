import { type CommitCertificate, type RejectCode, RejectError, type Slot, toSequence } from '@fastpay/protocol';
import type { Validator } from '@fastpay/validator';
import { peerLimits } from './limits.ts';
import type { Peer } from './peer.ts';
import { PeerError } from './peer-error.ts';
import type { InTurn } from './turns.ts';

export interface TakeInDependencies {
  readonly validator: Pick<Validator, 'resolve' | 'failure'>;
  readonly unixMs: () => number;
  /** Peers that send the same page at the same time shall cost its verification once: who comes second finds it known. */
  readonly inTurn: InTurn;
}

/** What became of a certificate from a peer. `left`: the account is halted here, which is not the peer's fault. */
type Outcome = 'new' | 'known' | 'left' | { readonly missingFrom: bigint };

/** Refusals that prove that the peer serves what no honest validator has. */
const FORGED: ReadonlySet<RejectCode> = new Set([
  'INVALID_CERTIFICATE',
  'INVALID_FORMAT',
  'INVALID_SIGNATURE',
  'NOT_PAYMENT',
  'WRONG_CHAIN',
]);

async function resolveOne(
  certificate: CommitCertificate,
  { validator, unixMs }: Pick<TakeInDependencies, 'validator' | 'unixMs'>,
): Promise<Outcome> {
  try {
    return (await validator.resolve(certificate, { nowMs: unixMs() })) ? 'new' : 'known';
  } catch (error) {
    if (!(error instanceof RejectError) || validator.failure()) throw error;
    if (FORGED.has(error.code)) throw new PeerError('a certificate proves nothing', { cause: error });
    const next = error.facts.expectedSequence;
    if (error.code === 'MISSING_PREDECESSOR' && next !== undefined) return { missingFrom: next };
    return 'left';
  }
}

/**
 * Verifies and takes in certificates of one peer, in its order, with the predecessors that are missing here (§9).
 * @returns How many were new.
 * @throws PeerError when one proves nothing, or comes without the predecessors that the peer must have.
 */
export async function takeIn(
  certificates: readonly CommitCertificate[],
  { peer, signal, ...dependencies }: TakeInDependencies & { readonly peer: Peer; readonly signal: AbortSignal },
): Promise<number> {
  let fresh = 0;
  for (let start = 0; start < certificates.length; start += peerLimits.certificatesAtOnce) {
    const group = certificates.slice(start, start + peerLimits.certificatesAtOnce);
    // All of them are waited for: whatever one of them does, none goes on in the background.
    const outcomes = await dependencies.inTurn(() =>
      Promise.allSettled(group.map((certificate) => resolveOne(certificate, dependencies))),
    );
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'rejected') throw outcome.reason;
      const certificate = group[index];
      if (outcome.value === 'new') fresh++;
      if (typeof outcome.value === 'object' && certificate) {
        fresh += await withPredecessors(certificate, { peer, signal, ...dependencies });
      }
    }
  }
  return fresh;
}

/** Fetches by number what is missing before a certificate, until it can be taken in itself. */
async function withPredecessors(
  certificate: CommitCertificate,
  { peer, signal, ...dependencies }: TakeInDependencies & { readonly peer: Peer; readonly signal: AbortSignal },
): Promise<number> {
  let fresh = 0;
  for (let fetched = 0; fetched < peerLimits.predecessors; ) {
    const outcome = await resolveOne(certificate, dependencies);
    if (typeof outcome !== 'object') return fresh + (outcome === 'new' ? 1 : 0);
    const slots = slotsFrom(certificate.slot, outcome.missingFrom);
    const found = await Promise.all(slots.map((slot) => peer.resolution(slot, signal)));
    const known = found.filter((each) => each !== undefined);
    fetched += slots.length;
    let gained = 0;
    for (const each of known) if ((await resolveOne(each, dependencies)) === 'new') gained++;
    if (gained === 0) throw new PeerError('a certificate comes without its predecessors');
    fresh += gained;
  }
  throw new PeerError('a certificate has too many predecessors that are missing here');
}

function slotsFrom(slot: Slot, first: bigint): readonly Slot[] {
  const slots: Slot[] = [];
  for (let sequence = first; sequence < slot.sequence && slots.length < peerLimits.predecessorsAtOnce; sequence++) {
    slots.push({ ...slot, sequence: toSequence(sequence) });
  }
  return slots;
}
