import {
  type CommitCertificate,
  type QuorumCertificate,
  type SignedBallot,
  type SignedOrder,
  SKIP,
  toAmount,
} from '@fastpay/protocol';
import { corrupted } from '../../network/corrupt.ts';
import type { Random } from '../../random/random.ts';
import { type Ballots, bodyOf, type Dossier, signaturesOf } from './dossier.ts';

/** Certificates that look right and prove nothing, out of signatures that were really given. */

function everyBallot(ballots: Ballots): readonly SignedBallot[] {
  return [...ballots.values()].flatMap((bySigner) => [...bySigner.values()]);
}

/** The same signature under several names, or several times. */
function doubled(signatures: readonly SignedBallot['signature'][], members: number, random: Random) {
  const [own] = signatures;
  if (!own) return [];
  if (random.chance(0.5)) return Array.from({ length: members }, (_, signer) => ({ ...own, signer }));
  return Array.from({ length: members }, () => own);
}

function forge(dossier: Dossier, ballots: Ballots, members: number, random: Random) {
  const all = everyBallot(ballots);
  if (all.length === 0) return undefined;
  const first = random.pick(all);
  const body = bodyOf(dossier, first);
  const same = signaturesOf(ballots.get(`${first.round}/${first.value}`)?.values() ?? []);
  switch (random.below(6)) {
    case 0:
      return { ...body, signatures: doubled(same, members, random) };
    case 1:
      return { ...body, signatures: same.slice(0, Math.max(1, same.length - 1)) };
    case 2: {
      // Signatures for other rounds and values, each signer once.
      const bySigner = new Map(all.map((ballot) => [ballot.signature.signer, ballot]));
      return { ...body, signatures: signaturesOf(bySigner.values()) };
    }
    case 3: {
      // Those of one value in whatever round.
      const bySigner = new Map(
        all.filter(({ value }) => value === first.value).map((ballot) => [ballot.signature.signer, ballot]),
      );
      return { ...body, signatures: signaturesOf(bySigner.values()) };
    }
    case 4: {
      if (!body.signedOrder) return { ...body, value: SKIP, signatures: same };
      const { order, payerSignature } = body.signedOrder;
      const signedOrder: SignedOrder = { order: { ...order, amount: toAmount(order.amount + 1n) }, payerSignature };
      return { ...body, signedOrder, signatures: same };
    }
    default:
      return corrupted({ ...body, signatures: same }, random);
  }
}

export function forgedQuorum(dossier: Dossier, members: number, random: Random): QuorumCertificate | undefined {
  const forged = forge(dossier, dossier.votes, members, random);
  return forged && { type: 'quorum', ...forged };
}

export function forgedCertificate(dossier: Dossier, members: number, random: Random): CommitCertificate | undefined {
  const forged = forge(dossier, random.chance(0.8) ? dossier.commits : dossier.votes, members, random);
  return forged && { type: 'commit', ...forged };
}
