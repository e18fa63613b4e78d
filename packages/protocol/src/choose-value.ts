import type { QuorumCertificate } from './certificate.ts';
import { isBelowRound, type ProvenPromise, type SignedPromise } from './round.ts';

/** What the promises of one round allow it to carry, in the shape in which a proposal sends them on. */
export interface RoundChoice {
  readonly promises: readonly SignedPromise[];
  /** What proves the locks, each (epoch, round, value) once. */
  readonly lockCertificates: readonly QuorumCertificate[];
  /** The round can only carry the value of this one; without it, it is free (§5 rule 4b). */
  readonly highestLock?: QuorumCertificate;
}

/** Of verified promises for one epoch, slot and round: rounds are ordered by (epoch, round) (§4). */
export function chooseValue(proven: readonly ProvenPromise[]): RoundChoice {
  const byLock = new Map<string, QuorumCertificate>();
  let highest: QuorumCertificate | undefined;
  for (const { lockCertificate } of proven) {
    if (!lockCertificate) continue;
    const { epoch, round, value } = lockCertificate;
    byLock.set(`${epoch}/${round}/${value}`, byLock.get(`${epoch}/${round}/${value}`) ?? lockCertificate);
    if (!highest || isBelowRound(highest, lockCertificate)) highest = lockCertificate;
  }
  return {
    promises: proven.map(({ promise }) => promise),
    lockCertificates: [...byLock.values()],
    ...(highest ? { highestLock: highest } : {}),
  };
}
