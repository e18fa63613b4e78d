import { create, type DescMessage, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { RejectError } from '@fastpay/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  anyCommitCertificate,
  anyExitChange,
  anyNewRound,
  anyProposal,
  anyProvenPromise,
  anyQuorumCertificate,
  anySignedOrder,
  anyStatement,
} from './arbitraries.fixtures.ts';
import * as types from './gen/fastpay/v1/types_pb.ts';
import * as rpc from './index.ts';
import { anyReject, wireMessages } from './wire-messages.fixtures.ts';

describe('every message survives the way out and back', () => {
  test.each(wireMessages)('$name', ({ checkRoundTrip }) => checkRoundTrip());
});

describe('what arrives in another form is refused by the name of its field', () => {
  const sample = <Value>(arbitrary: fc.Arbitrary<Value>): Value => {
    const [value] = fc.sample(arbitrary, { numRuns: 1, seed: 7 });
    if (value === undefined) throw new Error('no sample');
    return value;
  };
  const refusal = (run: () => unknown): RejectError => {
    try {
      run();
    } catch (error) {
      if (error instanceof RejectError) return error;
      throw error;
    }
    throw new Error('nothing was refused');
  };
  const signedOrder = () => rpc.signedOrderToProto(sample(anySignedOrder));
  const certificate = () =>
    rpc.certificateToProto(sample(anyCommitCertificate.filter((cc) => cc.signatures.length > 2 && !!cc.signedOrder)));
  const order = (change: Partial<types.PaymentOrder>) => {
    const message = signedOrder();
    Object.assign(message.order ?? {}, change);
    return () => rpc.signedOrderFromProto(message);
  };
  const changed = (change: (message: types.Certificate) => unknown) => {
    const message = certificate();
    change(message);
    return () => rpc.commitCertificateFromProto(message);
  };

  test.each<[string, () => unknown]>([
    ['signed_order: is missing', () => rpc.signedOrderFromProto(undefined)],
    ['signed_order.order.sender: has 20 bytes, not 19', order({ sender: new Uint8Array(19) })],
    ['signed_order.order.asset: has 20 bytes, not 0', order({ asset: new Uint8Array() })],
    ['signed_order.order.memo: has 32 bytes, not 33', order({ memo: new Uint8Array(33) })],
    ['signed_order.order.parents: has at most 8 items', order({ parents: Array(9).fill(new Uint8Array(32)) })],
    ['signed_order.order.parents[1]: has 32 bytes', order({ parents: [new Uint8Array(32), new Uint8Array(1)] })],
    ['signed_order.order.amount: is a whole number', order({ amount: 1n << 64n })],
    ['signed_order.order.valid_until: is a whole number', order({ validUntil: -1n })],
    [
      'signed_order.payer_signature: has at most 2049 bytes',
      () => rpc.signedOrderFromProto({ ...signedOrder(), payerSignature: new Uint8Array(2050) }),
    ],
    [
      'commit_certificate.type: expected a commit certificate',
      () => rpc.commitCertificateFromProto(rpc.certificateToProto(sample(anyQuorumCertificate))),
    ],
    [
      'commit_certificate.type: is neither QUORUM nor COMMIT',
      changed((message) => Object.assign(message, { type: 9 })),
    ],
    ['commit_certificate.signed_order: is missing', changed((message) => delete message.signedOrder)],
    [
      'commit_certificate.signed_order: must be absent',
      changed((message) => Object.assign(message.ballot ?? {}, { value: new Uint8Array(32) })),
    ],
    [
      'commit_certificate.ballot.round: is a whole number from 0 to 4294967295',
      changed((message) => Object.assign(message.ballot ?? {}, { round: 1n << 32n })),
    ],
    ['commit_certificate.signatures: signers must ascend', changed((message) => message.signatures.reverse())],
    [
      'commit_certificate.signatures: signers must ascend',
      changed((message) => message.signatures.splice(1, 0, ...message.signatures.slice(0, 1))),
    ],
    [
      'commit_certificate.signatures[0].signature: has 65 bytes, not 64',
      changed((message) => Object.assign(message.signatures[0] ?? {}, { signature: new Uint8Array(64) })),
    ],
    ['attachments: has at most 16 items, not 17', () => rpc.attachmentsFromProto(Array(17).fill(certificate()))],
    [
      'new_round.round: is at least 1',
      () => rpc.newRoundFromProto({ ...rpc.newRoundToProto(sample(anyNewRound)), round: 0n }),
    ],
    [
      'new_round.authority: names neither an owner nor a driver',
      () =>
        rpc.newRoundFromProto({
          ...rpc.newRoundToProto(sample(anyNewRound)),
          authority: create(types.RoundAuthoritySchema),
        }),
    ],
    [
      'promise.lock_certificate: is missing',
      () => {
        const message = rpc.provenPromiseToProto(sample(anyProvenPromise.filter((each) => !!each.lockCertificate)));
        delete message.lockCertificate;
        return rpc.provenPromiseFromProto(message);
      },
    ],
    [
      'promise.lock_certificate: must be absent',
      () => {
        const { promise, lockCertificate } = sample(anyProvenPromise.filter((each) => !!each.lockCertificate));
        const { lock: _, ...free } = promise;
        return rpc.provenPromiseFromProto(
          rpc.provenPromiseToProto({ promise: free, ...(lockCertificate ? { lockCertificate } : {}) }),
        );
      },
    ],
    [
      'proposal.signed_order: must be absent',
      () => {
        const message = rpc.proposalToProto(sample(anyProposal.filter((each) => !!each.signedOrder)));
        Object.assign(message.ballot ?? {}, { value: new Uint8Array(32) });
        return rpc.proposalFromProto(message);
      },
    ],
    [
      'exit.cancelled: can only be true',
      () =>
        rpc.exitChangeFromProto({
          ...rpc.exitChangeToProto(sample(anyExitChange)),
          change: { case: 'cancelled', value: false },
        }),
    ],
    ['stage: is missing', () => rpc.stageFromProto(types.Stage.UNSPECIFIED)],
    ['stage: there is no stage 99', () => rpc.stageFromProto(99 as types.Stage)],
    ...['', '01', '-0', '1e3', ' 1', `${1n << 127n}`].map((balance): [string, () => unknown] => [
      'statement.balance: ',
      () => rpc.statementFromProto({ ...rpc.statementToProto(sample(anyStatement)), balance }),
    ]),
    [
      'reject.code: is not a known reject code',
      () => rpc.rejectFromProto({ ...rpc.rejectToProto(sample(anyReject)), code: 'constructor' }),
    ],
  ])('%s', (message, run) => {
    const error = refusal(run);
    expect(error.code).toBe('INVALID_FORMAT');
    expect(error.message).toContain(message);
  });

  test('an unknown kind of order is NOT_PAYMENT', () => {
    expect(refusal(order({ kind: 2 })).code).toBe('NOT_PAYMENT');
  });
});

describe('what is read of a message does not keep the rest of it in memory', () => {
  /** As it comes from the network: one run of bytes, of which the fields are parts. */
  function received<Schema extends DescMessage>(schema: Schema, message: MessageShape<Schema>): MessageShape<Schema> {
    return fromBinary(schema, Buffer.from(toBinary(schema, message)));
  }
  const kept = (value: unknown): readonly Uint8Array[] => {
    if (value instanceof Uint8Array) return [value];
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(kept) : [];
  };
  const readings: readonly [string, fc.Arbitrary<unknown>][] = [
    [
      'a commit certificate',
      anyCommitCertificate.map((one) =>
        rpc.commitCertificateFromProto(received(types.CertificateSchema, rpc.certificateToProto(one))),
      ),
    ],
    [
      'a proven promise',
      anyProvenPromise.map((one) =>
        rpc.provenPromiseFromProto(received(types.ProvenPromiseSchema, rpc.provenPromiseToProto(one))),
      ),
    ],
    [
      'a call for a round',
      anyNewRound.map((one) => rpc.newRoundFromProto(received(types.NewRoundSchema, rpc.newRoundToProto(one)))),
    ],
    [
      'a proposal',
      anyProposal.map((one) => rpc.proposalFromProto(received(types.ProposalSchema, rpc.proposalToProto(one)))),
    ],
    [
      'a statement',
      anyStatement.map((one) =>
        rpc.statementFromProto(received(types.AccountStatementSchema, rpc.statementToProto(one))),
      ),
    ],
  ];

  test.each(readings)('%s', (_what, reading) => {
    fc.assert(
      fc.property(reading, (value) => {
        for (const bytes of kept(value)) expect(bytes.buffer.byteLength).toBe(bytes.length);
      }),
      { numRuns: 30 },
    );
  });
});
