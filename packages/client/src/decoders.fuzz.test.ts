import { createPortableEngine } from '@fastpay/crypto';
import { encodeCertificate, encodeSignedOrder, RejectError, toAddress, toAmount, toHash } from '@fastpay/protocol';
import { bytesTarget, fuzz, fuzzLine, textTarget } from '@fastpay/protocol/testing';
import { expect, test } from 'vitest';
import { StoreError } from './errors.ts';
import { encodeReceipt, verifyReceipt } from './receipt.ts';
import { parseAddress } from './request/address-text.ts';
import { decodePaymentRequest, encodePaymentLink, encodePaymentRequest } from './request/payment-request.ts';
import { fromCertificateRow, fromJournalRow } from './store/records.ts';
import { createEvidence } from './testing/evidence.fixtures.ts';
import { createTestNetwork } from './testing/network.fixtures.ts';

const testNetwork = createTestNetwork();
const { network } = testNetwork;
const evidence = createEvidence(testNetwork);
const engine = createPortableEngine();
const recipient = toAddress('0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed');
const isRejected = (error: unknown) => error instanceof RejectError;
const isDamaged = (error: unknown) => error instanceof StoreError;

test('what people scan, paste and keep is refused with typed errors, in bounded time and memory', async ({
  annotate,
}) => {
  const { signedOrder } = await evidence.order();
  const certificate = await evidence.certificate(signedOrder);
  const request = { recipient, amount: toAmount(12_500_000n), memo: toHash(`0x${'ab'.repeat(32)}`) };
  const times = { origin: 'signed', createdAtMs: 0, state: 'open', times: {} } as const;
  const report = await fuzz(
    [
      textTarget({
        name: 'payment request',
        samples: [
          recipient,
          encodePaymentRequest(request, network),
          encodePaymentLink(request, network, 'https://pay.example/'),
        ],
        decode: (text) => decodePaymentRequest(text, network),
        isTyped: isRejected,
      }),
      textTarget({ name: 'address', samples: [recipient], decode: parseAddress, isTyped: isRejected }),
      textTarget({
        name: 'receipt',
        samples: [encodeReceipt([certificate]), encodeReceipt([certificate, certificate])],
        decode: (text) => verifyReceipt(text, network, engine),
        isTyped: isRejected,
        longest: 2_000_000,
      }),
      bytesTarget({
        name: 'certificate in the store',
        samples: [encodeCertificate(certificate)],
        decode: (bytes) => fromCertificateRow({ value: certificate.value, certificate: bytes }),
        isTyped: isDamaged,
      }),
      bytesTarget({
        name: 'order in the store',
        samples: [encodeSignedOrder(signedOrder)],
        decode: (bytes) => fromJournalRow({ transactionHash: certificate.value, signedOrder: bytes, ...times }),
        isTyped: isDamaged,
      }),
    ],
    500,
  );
  await annotate(fuzzLine('client decoders', report));
  expect(report.taken).toBeGreaterThan(50);
  expect(report.cases - report.taken).toBeGreaterThan(report.cases / 2);
});
