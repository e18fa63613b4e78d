import {
  type AccountStatement,
  accountStatementBytes,
  BATCH_ATTESTATION_TYPE,
  type Ballot,
  type BatchEntry,
  batchAttestationDigest,
  batchHash,
  COMMIT_TYPE,
  commitDigest,
  domainSeparator,
  driverBytes,
  type Hash,
  type Lock,
  limits,
  MAX_U64,
  NEW_ROUND_TYPE,
  newRoundDigest,
  PROPOSE_TYPE,
  promiseBytes,
  proposeDigest,
  ROTATE_TYPE,
  rotateDigest,
  SKIP,
  slotOf,
  toHex,
  toSequence,
  voteBytes,
} from '../../src/index.ts';
import { json } from '../../src/vectors.fixtures.ts';
import { domain, hashOf, order } from './samples.ts';

const separator = domainSeparator(domain);
const slot = slotOf(order);
const value = hashOf('value');

export function messageVectors() {
  return {
    description: 'The bytes and digests that validators and owners sign (§4).',
    domain: json.domain(domain),
    separator,
    types: {
      commit: COMMIT_TYPE,
      newRound: NEW_ROUND_TYPE,
      propose: PROPOSE_TYPE,
      batchAttestation: BATCH_ATTESTATION_TYPE,
      rotate: ROTATE_TYPE,
    },
    ballots: ballotVectors(),
    promises: promiseVectors(),
    drivers: driverVectors(),
    statements: statementVectors(),
    batches: batchVectors(),
    rotations: rotationVectors(),
  };
}

function ballotVectors() {
  const ballots: (readonly [string, bigint, Ballot])[] = [
    ['an order in round 0', 0n, { slot, round: 0, value }],
    ['SKIP in round 1', 0n, { slot, round: 1, value: SKIP }],
    ['the last sequence', 3n, { slot: { ...slot, sequence: toSequence(MAX_U64 - 1n) }, round: 2, value }],
    ['the highest epoch and round', MAX_U64, { slot, round: limits.maxRound, value }],
  ];
  return ballots.map(([name, epoch, ballot]) => {
    const context = { separator, epoch };
    return {
      name,
      epoch: String(epoch),
      ballot: json.ballot(ballot),
      voteBytes: toHex(voteBytes(context, ballot)),
      commitDigest: commitDigest(context, ballot),
      proposeDigest: proposeDigest(context, ballot),
      newRoundDigest: newRoundDigest(context, ballot.slot, ballot.round),
    };
  });
}

function promiseVectors() {
  const promises: (readonly [string, bigint, number, Lock | undefined])[] = [
    ['without a lock', 0n, 1, undefined],
    ['locked on an order', 0n, 2, { epoch: 0n, round: 0, value }],
    ['locked on SKIP', 5n, 9, { epoch: 4n, round: 8, value: SKIP }],
    ['the highest lock', MAX_U64, limits.maxRound, { epoch: MAX_U64, round: limits.maxRound - 1, value }],
  ];
  return promises.map(([name, epoch, round, lock]) => ({
    name,
    epoch: String(epoch),
    slot: json.slot(slot),
    round: String(round),
    lock: lock ? json.lock(lock) : null,
    promiseBytes: toHex(promiseBytes({ separator, epoch }, slot, round, lock)),
  }));
}

function driverVectors() {
  const calls: (readonly [string, bigint, Hash])[] = [
    ['a new round', 0n, newRoundDigest({ separator, epoch: 0n }, slot, limits.firstExitRound)],
    ['a proposal of SKIP', 0n, proposeDigest({ separator, epoch: 0n }, { slot, round: limits.maxRound, value: SKIP })],
    ['the highest epoch', MAX_U64, newRoundDigest({ separator, epoch: MAX_U64 }, slot, limits.firstExitRound)],
  ];
  return calls.map(([name, epoch, digest]) => ({
    name,
    epoch: String(epoch),
    digest,
    driverBytes: toHex(driverBytes({ separator, epoch }, digest)),
  }));
}

function statementVectors() {
  const account = { owner: slot.owner, asset: slot.asset };
  const clientNonce = Uint8Array.from({ length: 16 }, (_, index) => index);
  const statement: AccountStatement = {
    account,
    balance: 123_456_789n,
    next: 7n,
    finalizedHeight: 42n,
    finalizedHash: hashOf('block'),
    unixMillis: 1_800_000_000_123n,
    clientNonce,
  };
  const statements: (readonly [string, bigint, AccountStatement])[] = [
    ['an ordinary account', 0n, statement],
    ['an account without history', 0n, { ...statement, balance: 0n, next: 0n }],
    ['below zero', 1n, { ...statement, balance: -1n }],
    ['the lowest balance', 1n, { ...statement, balance: -(1n << 127n) }],
    ['the highest of everything', MAX_U64, {
      account,
      balance: (1n << 127n) - 1n,
      next: MAX_U64,
      finalizedHeight: MAX_U64,
      finalizedHash: hashOf('block'),
      unixMillis: MAX_U64,
      clientNonce: new Uint8Array(16).fill(0xff),
    }],
  ];
  return statements.map(([name, epoch, each]) => ({
    name,
    epoch: String(epoch),
    statement: json.statement(each),
    accountStatementBytes: toHex(accountStatementBytes({ separator, epoch }, each)),
  }));
}

function batchVectors() {
  const entries: BatchEntry[] = [0, 1, 2].map((index) => ({
    account: index === 2 ? order.recipient : order.sender,
    asset: order.asset,
    sequence: BigInt(index),
    value: index === 1 ? SKIP : hashOf(`value ${index}`),
  }));
  return [1, 3].map((count) => {
    const some = entries.slice(0, count);
    const hash = batchHash(some);
    return {
      name: `${count} entries`,
      epoch: '0',
      entries: some.map((entry) => ({ ...entry, sequence: String(entry.sequence) })),
      batchHash: hash,
      batchAttestationDigest: batchAttestationDigest({ separator, epoch: 0n }, some),
    };
  });
}

function rotationVectors() {
  const epochs: (readonly [string, bigint])[] = [
    ['to the second epoch', 1n],
    ['to the last epoch', MAX_U64],
  ];
  return epochs.map(([name, epoch]) => {
    const committeeHash = hashOf(`committee ${epoch}`);
    const digest = rotateDigest({ separator, epoch }, committeeHash);
    return { name, epoch: String(epoch), committeeHash, rotateDigest: digest };
  });
}
