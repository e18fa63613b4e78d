import type {
  CommitCertificate,
  Hash,
  ProvenPromise,
  QuorumCertificate,
  SignedBallot,
  SignedOrder,
  SignerSignature,
  Slot,
} from '@fastpay/protocol';

/** What somebody has signed, by what was signed: round/value → signer → signature. */
export type Ballots = Map<string, Map<number, SignedBallot>>;

/** Everything that an attacker has got out of validators about one slot. */
export interface Dossier {
  readonly slot: Slot;
  readonly orders: Map<Hash, SignedOrder>;
  readonly votes: Ballots;
  readonly commits: Ballots;
  /** By round, by signer. */
  readonly promises: Map<number, Map<number, ProvenPromise>>;
  readonly quorums: QuorumCertificate[];
  readonly certificates: CommitCertificate[];
}

export function createDossier(slot: Slot): Dossier {
  return {
    slot,
    orders: new Map(),
    votes: new Map(),
    commits: new Map(),
    promises: new Map(),
    quorums: [],
    certificates: [],
  };
}

export function keep(ballots: Ballots, ballot: SignedBallot): void {
  const key = `${ballot.round}/${ballot.value}`;
  const bySigner = ballots.get(key) ?? new Map<number, SignedBallot>();
  ballots.set(key, bySigner.set(ballot.signature.signer, ballot));
}

export function signaturesOf(ballots: Iterable<SignedBallot>): readonly SignerSignature[] {
  return [...ballots].map(({ signature }) => signature).sort((left, right) => left.signer - right.signer);
}

/** The body of a certificate over what a ballot says. */
export function bodyOf({ slot, orders }: Dossier, { epoch, round, value }: SignedBallot) {
  const signedOrder = orders.get(value);
  return { epoch, slot, round, value, ...(signedOrder && { signedOrder }) };
}

/** Groups of signatures over one thing that reach a quorum by these stakes. */
export function quorumsIn(ballots: Ballots, isQuorum: (signers: Iterable<number>) => boolean) {
  return [...ballots.values()]
    .filter((bySigner) => isQuorum(bySigner.keys()))
    .map((bySigner) => [...bySigner.values()]);
}
