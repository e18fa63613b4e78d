import type { TransportPaymentEvent } from '@fastpay/client';
import { type CommitCertificate, encodeCertificate, RejectError, type SignedBallot, slotOf } from '@fastpay/protocol';
import { corrupted } from '../network/corrupt.ts';
import type { Random } from '../random/random.ts';
import type { Fault } from '../run/coverage.ts';
import type { Tally } from '../run/tally.ts';
import type { RelayNode } from './relay-node.ts';
import type { VoteRequest } from './validator-node.ts';

/** A relay that does the work of an honest one and then tells something else: forged, left out, mixed up, made up. */
export function createByzantineRelay(
  name: string,
  honest: RelayNode,
  { random, faults, isOver }: { readonly random: Random; readonly faults: Tally<Fault>; isOver(): boolean },
): RelayNode {
  const lies = (fault: Fault, probability: number) => {
    if (isOver() || !random.chance(probability)) return false;
    faults.add(fault);
    return true;
  };

  /** Certificates that prove nothing: made of what passed through. */
  function forge({ signedOrder }: VoteRequest, commits: readonly SignedBallot[]): CommitCertificate | undefined {
    const [first, ...others] = commits;
    if (!first) return undefined;
    const slot = slotOf(signedOrder.order);
    const { epoch, round, value } = first;
    const body = { type: 'commit', epoch, slot, round, value, signedOrder } as const;
    const own = first.signature;
    switch (random.below(4)) {
      case 0:
        return { ...body, signatures: [own] };
      case 1:
        return { ...body, signatures: [own, own, own] };
      case 2:
        return { ...body, signatures: [own, { ...own, signer: own.signer + 1 }, { ...own, signer: own.signer + 2 }] };
      default:
        return corrupted({ ...body, signatures: [own, ...others.map(({ signature }) => signature)] }, random);
    }
  }

  return {
    name,
    isUp: () => true,
    async submit(request, emit) {
      const commits: SignedBallot[] = [];
      let earlier: TransportPaymentEvent | undefined;
      await honest.submit(request, (event) => {
        if (event.type === 'commit') commits.push(event.commit);
        if (lies('relayForged', 0.1)) {
          const certificate = forge(request, commits);
          if (certificate) emit({ type: 'paid', certificate });
        }
        if (lies('relayFalseClaim', 0.05))
          emit(falseClaim(random, commits.length > 0 ? forge(request, commits) : undefined));
        if (earlier && lies('relayMixed', 0.1)) emit(earlier);
        earlier = event;
        if (lies('relayDropped', 0.15)) return;
        emit(lies('relayForged', 0.1) ? corrupted(event, random) : event);
      });
    },
    async collectPromises(request) {
      const { promises, ...rest } = await honest.collectPromises(request);
      const kept = isOver() ? promises : promises.filter(() => !lies('relayDropped', 0.15));
      const { certificate, ...failures } = rest;
      if (certificate && lies('relayForged', 0.2))
        return { ...failures, promises: kept, certificate: corrupted(certificate, random) };
      return {
        ...rest,
        promises: kept.map((promise) => (lies('relayForged', 0.15) ? corrupted(promise, random) : promise)),
      };
    },
    async submitProposal(request, emit) {
      await honest.submitProposal(request, (event) => {
        if (lies('relayDropped', 0.15)) return;
        emit(lies('relayForged', 0.1) ? corrupted(event, random) : event);
      });
    },
    fundingClosure: (hash) => honest.fundingClosure(hash),
    evidence: () => honest.evidence(),
    async deliver(certificate) {
      if (lies('relayDropped', 0.5)) return;
      await honest.deliver(certificate);
    },
    async statements(account, clientNonce) {
      const answers = await honest.statements(account, clientNonce);
      const kept = isOver() ? answers : answers.filter(() => !lies('relayDropped', 0.1));
      return kept.map((answer) => (lies('relayForged', 0.1) ? corrupted(answer, random) : answer));
    },
    async accountLog(request) {
      const page = await honest.accountLog(request);
      if (!lies('relayDropped', 0.3)) return page;
      return { ...page, certificates: random.some(page.certificates, 0.5) };
    },
  };
}

/** The end, or a refusal of somebody's, that nobody gave. */
function falseClaim(random: Random, forged: CommitCertificate | undefined): TransportPaymentEvent {
  const reject = new RejectError(
    random.pick(['SEQUENCE_TOO_LOW', 'EQUIVOCATION', 'INSUFFICIENT_FUNDS', 'EXPIRED', 'STALE_ROUND'] as const),
    'says a relay',
    forged ? { commitCertificate: encodeForged(forged) } : {},
  );
  return random.chance(0.5) ? { type: 'stalled', reject } : { type: 'failure', signer: random.below(4), reject };
}

/** Some forgeries have no canonical bytes; those are sent as rubbish. */
function encodeForged(certificate: CommitCertificate): Uint8Array {
  try {
    return encodeCertificate(certificate);
  } catch (error) {
    if (error instanceof RejectError) return new Uint8Array(64);
    throw error;
  }
}
