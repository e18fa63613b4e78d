import {
  type Certificate,
  encodeCertificate,
  encodeNetwork,
  SKIP,
  type SignedOrder,
  toAmount,
  toHex,
  transactionHash,
} from '@fastpay/protocol';
import { createSecp256k1Signer, createVerificationContext } from '../../src/index.ts';
import { createNodeEngine } from '../../src/node.ts';
import { ballotOf, certify, createTestNetwork, signOrder, testKeys, testOrder } from '../../src/testing/network.fixtures.ts';
import { createP256Payer, createPasskeyPayer } from '../../src/testing/payers.fixtures.ts';
import { orderJson, signaturesJson } from './json.ts';

const test = createTestNetwork();
const { separator } = createVerificationContext(test.network, createNodeEngine());

export async function certificateVectors() {
  const payer = createSecp256k1Signer(testKeys.payer);
  const signedOrder = await signOrder(payer, testOrder(payer));
  const full = await certify(test, [0, 1, 2], ballotOf(signedOrder), signedOrder);
  const skip = await certify(test, [1, 2, 3], { ...ballotOf(signedOrder, 2), value: SKIP });
  const others = await Promise.all(
    [createP256Payer(testKeys.payer), createPasskeyPayer(testKeys.payer)].map(async (each) => {
      const order = await signOrder(each, testOrder(each, { kind: 1 }));
      return certify(test, [0, 1, 2, 3], ballotOf(order), order);
    }),
  );
  const taken: (readonly [string, Certificate])[] = [
    ['votes of Dave, Edgar and Frank', full.qc],
    ['commits of Dave, Edgar and Frank', full.cc],
    ['votes for SKIP in round 2', skip.qc],
    ['commits to SKIP in round 2', skip.cc],
    ['commits to the withdrawal of a P-256 payer', others[0]?.cc as Certificate],
    ['commits to the withdrawal of a WebAuthn payer', others[1]?.cc as Certificate],
  ];
  return {
    description: 'Certificates over one network, with every key that signed (§4).',
    network: encodeNetwork(test.network),
    separator,
    keys: {
      payer: toHex(testKeys.payer),
      votingSeeds: test.validators.map((_, signer) => toHex(testKeys.votingSeed(signer))),
      settlementKeys: test.validators.map((_, signer) => toHex(testKeys.settlementKey(signer))),
    },
    order: orderJson(signedOrder.order),
    payerSignature: toHex(signedOrder.payerSignature),
    transactionHash: transactionHash(signedOrder.order, separator),
    accepted: taken.map(([name, certificate]) => describe(name, certificate)),
    refused: refused(full.qc, full.cc, signedOrder).map(([name, certificate]) => describe(name, certificate)),
  };
}

function describe(name: string, certificate: Certificate) {
  return {
    name,
    type: certificate.type,
    value: certificate.value,
    round: String(certificate.round),
    signatures: signaturesJson(certificate.signatures),
    bytes: toHex(encodeCertificate(certificate)),
  };
}

function refused(qc: Certificate, cc: Certificate, signedOrder: SignedOrder): (readonly [string, Certificate])[] {
  const [first, second, third] = cc.signatures as [(typeof cc.signatures)[0], (typeof cc.signatures)[0], (typeof cc.signatures)[0]];
  const altered = { ...signedOrder, order: { ...signedOrder.order, amount: toAmount(1n) } };
  return [
    ['two commits of four', { ...cc, signatures: [first, second] }],
    ['two votes of four', { ...qc, signatures: qc.signatures.slice(0, 2) }],
    ['the signature of another signer', { ...cc, signatures: [first, second, { ...third, signer: 3 }] }],
    ['a signer beyond the committee', { ...cc, signatures: [first, second, { ...third, signer: 4 }] }],
    ['another round', { ...cc, round: 1 }],
    ['another epoch', { ...cc, epoch: 1n }],
    ['an altered amount', { ...cc, signedOrder: altered }],
    ['no payer signature', { ...cc, signedOrder: { ...signedOrder, payerSignature: new Uint8Array(65) } }],
  ];
}
