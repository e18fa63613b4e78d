import {
  type Ballot,
  decodeCertificate,
  decodeEvidence,
  type Evidence,
  encodeCertificate,
  encodeEvidence,
  equalBytes,
  hashFromBytes,
  keccak256,
  RejectError,
  type SignedBallot,
  unsignedBytes,
  utf8,
  voteBytes,
} from '@fastpay/protocol';
import { bytesTarget, type FuzzTarget, fuzz, fuzzLine } from '@fastpay/protocol/testing';
import { expect, test } from 'vitest';
import { createVerificationContext } from './context.ts';
import { createNodeEngine } from './node/engine.ts';
import { verifyPayerSignature } from './payer-signature.ts';
import { createSecp256k1Signer } from './secp256k1-signer.ts';
import { parseTempoSignature, serializeTempoSignature } from './tempo-signature.ts';
import { allEngines } from './testing/engines.fixtures.ts';
import { ballotOf, certify, createTestNetwork, signOrder, testKeys, testOrder } from './testing/network.fixtures.ts';
import { createP256Payer, createPasskeyPayer } from './testing/payers.fixtures.ts';
import { verifyCommitCertificate, verifyQuorumCertificate } from './verify-certificate.ts';
import { verifyEvidence } from './verify-evidence.ts';
import { assertValidVotingKey } from './voting-key.ts';
import { parseClientData } from './webauthn.ts';

const engines = await allEngines();
const isRejected = (error: unknown) => error instanceof RejectError;
const never = () => false;
const digest = hashFromBytes(keccak256(utf8('fuzz')));
const key = unsignedBytes(0xa11ce, 32);
const payers = [createSecp256k1Signer(key), createP256Payer(key), createPasskeyPayer(key)];

test('signatures and certificates are refused with typed errors, in bounded time and memory', async ({ annotate }) => {
  const signatures = await Promise.all(payers.map(async (payer) => payer.sign(digest)));
  const network = createTestNetwork();
  const payer = createSecp256k1Signer(testKeys.payer);
  const order = await signOrder(payer, testOrder(payer));
  const { qc, cc } = await certify(network, [0, 1, 2], ballotOf(order), order);
  const context = createVerificationContext(network.network, createNodeEngine());
  const { epoch } = context.committee;
  const ballot = ballotOf(order);
  const other = ballotOf(await signOrder(payer, testOrder(payer, { memo: digest })));
  const vote = async (each: Ballot): Promise<SignedBallot> => {
    const signature = await network.validators[2]?.voting.sign(
      voteBytes({ separator: context.separator, epoch }, each),
    );
    return { epoch, ...each, signature: { signer: 2, signature: signature ?? new Uint8Array() } };
  };
  const evidence: Evidence = { type: 'votes', first: await vote(ballot), second: await vote(other) };
  const targets: FuzzTarget[] = [
    bytesTarget({
      name: 'payer signature, its form',
      samples: signatures,
      decode(bytes) {
        if (!equalBytes(serializeTempoSignature(parseTempoSignature(bytes)), bytes)) throw new Error('two encodings');
      },
      isTyped: isRejected,
    }),
    bytesTarget({
      name: 'payer signature, whose it is',
      samples: signatures,
      async decode(bytes) {
        const [, engine] = engines[1] ?? engines[0] ?? [];
        if (!engine) throw new Error('there are no engines');
        for (const { address } of payers) {
          const valid = await verifyPayerSignature(engine, digest, bytes, address);
          // One encoding: whoever does not know the key finds no second signature by changing the first.
          const known = signatures.some((each, index) => payers[index]?.address === address && equalBytes(bytes, each));
          if (valid !== known) throw new Error(`taken: ${valid}`);
        }
      },
      isTyped: never,
    }),
    bytesTarget({
      name: 'client data',
      samples: signatures.slice(2).map((bytes) => bytes.subarray(38, -128)),
      decode: parseClientData,
      isTyped: never,
    }),
    bytesTarget({
      name: 'certificate',
      samples: [qc, cc].map(encodeCertificate),
      async decode(bytes) {
        const certificate = decodeCertificate(bytes);
        if (certificate.type === 'quorum') await verifyQuorumCertificate(context, certificate);
        else await verifyCommitCertificate(context, certificate);
      },
      isTyped: isRejected,
    }),
    bytesTarget({
      name: 'evidence',
      samples: [encodeEvidence(evidence)],
      decode: (bytes) => verifyEvidence(context, decodeEvidence(bytes)),
      isTyped: isRejected,
    }),
    bytesTarget({
      name: 'voting key',
      samples: network.validators.map(({ voting }) => unsignedBytes(BigInt(voting.publicKey), 32)),
      decode: (bytes) => assertValidVotingKey(hashFromBytes(bytes)),
      isTyped: isRejected,
    }),
    ...engines.map(([name, engine]) =>
      bytesTarget({
        name: `the primitive checks of the ${name} engine`,
        samples: signatures,
        // Any cut makes keys, messages and signatures of every length.
        async decode(bytes) {
          const [a, b] = [bytes.length >> 2, bytes.length >> 1];
          const parts = [bytes.subarray(0, a), bytes.subarray(a, b), bytes.subarray(b)] as const;
          await engine.ed25519Verify(...parts);
          await engine.p256Verify(...parts);
          engine.secp256k1Recover(parts[0], bytes);
        },
        isTyped: never,
      }),
    ),
  ];
  const report = await fuzz(targets, 250);
  await annotate(fuzzLine('signatures and certificates', report));
  expect(report.taken).toBeGreaterThan(100);
});
