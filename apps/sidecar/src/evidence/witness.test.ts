import {
  type Certificate,
  type Evidence,
  type Hash,
  PATH_USD,
  type SignedPromise,
  toAddress,
  toHash,
  toSequence,
} from '@fastpay/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { createWitness, type Witness } from './witness.ts';

const owner = toAddress(`0x${'aa'.repeat(20)}`);
const slotAt = (sequence: bigint) => ({ owner, asset: PATH_USD, sequence: toSequence(sequence) });
const red = toHash(`0x${'11'.repeat(32)}`);
const blue = toHash(`0x${'22'.repeat(32)}`);

function certificate(type: Certificate['type'], round: number, value: Hash, signers: readonly number[], sequence = 0n) {
  const signatures = signers.map((signer) => ({ signer, signature: new Uint8Array(type === 'quorum' ? 64 : 65) }));
  return { type, epoch: 0n, slot: slotAt(sequence), round, value, signatures };
}

function promise(signer: number, round: number, lockRound?: number): SignedPromise {
  const signature = { signer, signature: new Uint8Array(64) };
  const lock = lockRound === undefined ? {} : { lock: { epoch: 0n, round: lockRound, value: red } };
  return { epoch: 0n, slot: slotAt(0n), round, ...lock, signature };
}

let found: Evidence[];
let witness: Witness;
beforeEach(() => {
  found = [];
  witness = createWitness({ slots: 2, messagesPerSlot: 10 }, { onEvidence: (evidence) => found.push(evidence) });
});

describe('what an honest validator signs', () => {
  it('is no evidence: the same ballot in two certificates, another value in a later round', () => {
    witness.quorum(certificate('quorum', 0, red, [0, 1, 2]));
    witness.quorum(certificate('quorum', 0, red, [1, 2, 3]));
    witness.quorum(certificate('quorum', 4, blue, [0, 1, 2]));
    witness.commits(certificate('commit', 4, blue, [0, 1, 2]));
    expect(found).toEqual([]);
  });

  it('is no evidence: a promise that names the lock of its commit, or a commit in the promised round', () => {
    witness.commits(certificate('commit', 0, red, [0, 1, 2]));
    witness.promise({ promise: promise(0, 3, 0) });
    witness.promise({ promise: promise(3, 3) });
    witness.commits(certificate('commit', 3, red, [0, 1, 2]));
    expect(found).toEqual([]);
  });
});

describe('who contradicts itself is found out', () => {
  it('by two votes of one round', () => {
    witness.quorum(certificate('quorum', 0, red, [0, 1, 2]));
    witness.quorum(certificate('quorum', 0, blue, [2, 3]));
    expect(found).toMatchObject([
      { type: 'votes', first: { value: red, signature: { signer: 2 } }, second: { value: blue } },
    ]);
  });

  it('by two commits of one round', () => {
    witness.commits(certificate('commit', 1, red, [0, 1, 2]));
    witness.commits(certificate('commit', 1, blue, [0]));
    expect(found).toMatchObject([{ type: 'commits', first: { signature: { signer: 0 } }, second: { round: 1 } }]);
  });

  it('by a promise that hides an earlier commit, whichever is seen first', () => {
    witness.commits(certificate('commit', 1, red, [0]));
    witness.proposal({
      proposal: { ...certificate('quorum', 5, red, []), authority: { type: 'owner', signature: new Uint8Array() } },
      promises: [promise(0, 5, 0)],
      lockCertificates: [],
    });
    witness.promise({ promise: promise(1, 5) });
    witness.commits(certificate('commit', 2, red, [1]));
    expect(found).toMatchObject([
      { type: 'promise', promise: { signature: { signer: 0 } }, commit: { round: 1 } },
      { type: 'promise', promise: { signature: { signer: 1 } }, commit: { round: 2 } },
    ]);
  });
});

it('remembers no more than its bounds', () => {
  witness.quorum(certificate('quorum', 0, red, [0], 0n));
  witness.quorum(certificate('quorum', 0, red, [0], 1n));
  witness.quorum(certificate('quorum', 0, red, [0], 2n));
  witness.quorum(certificate('quorum', 0, blue, [0], 0n));
  expect(found).toEqual([]);
});
