import { verifyPayerSignature } from '@fastpay/crypto';
import { createNodeEngine, createNodeSecp256k1Signer } from '@fastpay/crypto/node';
import { type Hex, PATH_USD, toAddress, unsignedBytes } from '@fastpay/protocol';
import fc from 'fast-check';
import * as SignatureEnvelope from 'ox/tempo/SignatureEnvelope';
import * as TxEnvelopeTempo from 'ox/tempo/TxEnvelopeTempo';
import { describe, expect, it } from 'vitest';
import { depositCalls } from './deposit.ts';
import { addFeePayer, readAwaitingFeePayer, readSponsored } from './fee-payer.ts';
import { createPayer, payerKinds } from './testing/payers.fixtures.ts';
import { signTransaction, type TempoTransaction } from './transaction.ts';

const sponsor = createNodeSecp256k1Signer(unsignedBytes(77, 32));
const reserve = toAddress(`0x${'5f'.repeat(20)}`);
const payer = createPayer('secp256k1', 1);
const transaction: TempoTransaction = {
  chainId: 31_337n,
  calls: depositCalls(reserve, PATH_USD, payer.address, 9n),
  gas: 1_500_000n,
  maxFeePerGas: 20_000_000_000n,
  nonceKey: 0n,
  nonce: 4n,
  feeToken: 'sponsor',
  validBefore: 1_800_000_000n,
};
const terms = { feeToken: PATH_USD, sender: payer.address };
const { rawTransaction } = await signTransaction(transaction, payer);
const awaiting = readAwaitingFeePayer(rawTransaction);

describe.each(payerKinds)('signed by a %s key', (kind) => {
  it('is read back with what its sender signed, and completed', async () => {
    const signer = createPayer(kind, 3);
    const signed = await signTransaction(transaction, signer);
    const read = readAwaitingFeePayer(signed.rawTransaction);
    expect(read.transaction).toEqual(transaction);
    expect(await verifyPayerSignature(createNodeEngine(), read.digest, read.signature, signer.address)).toBe(true);
    const complete = await addFeePayer(read, { feeToken: PATH_USD, sender: signer.address }, sponsor);
    expect(readSponsored(complete.rawTransaction, read)).toEqual(complete);
    expect(complete.rawTransaction).not.toBe(signed.rawTransaction);
  });
});

it('without a time limit stays without one', async () => {
  const { validBefore: _, ...endless } = transaction;
  const signed = await signTransaction(endless, payer);
  expect(readAwaitingFeePayer(signed.rawTransaction).transaction).toEqual(endless);
});

describe('nothing is read that this package would not have written', () => {
  const envelope = TxEnvelopeTempo.deserialize(rawTransaction as TxEnvelopeTempo.Serialized);
  const other = toAddress(`0x${'42'.repeat(20)}`);
  const [first] = envelope.calls;
  const { signature } = envelope;
  if (!first || !signature) throw new Error('the sample has no call or no signature');

  it.each<[string, Partial<TxEnvelopeTempo.TxEnvelopeTempo>]>([
    ['an access list', { accessList: [{ address: other, storageKeys: [] }] }],
    ['a tip', { maxPriorityFeePerGas: 1n }],
    ['a call with a value', { calls: [{ ...first, value: 1n }] }],
    ['an earliest time', { validAfter: 5 }],
    ['a fee token of the sender’s', { feeToken: PATH_USD, feePayerSignature: undefined }],
    ['a fee payer that has signed', { feePayerSignature: { r: 1n, s: 1n, yParity: 0 } }],
    [
      'an authorization',
      {
        authorizationList: [
          { address: other, chainId: 1, nonce: 1n, signature: SignatureEnvelope.from({ r: 1n, s: 1n, yParity: 0 }) },
        ],
      },
    ],
    [
      'a key authorization',
      {
        keyAuthorization: {
          address: other,
          chainId: 1n,
          type: 'secp256k1',
          signature: SignatureEnvelope.from({ r: 1n, s: 1n, yParity: 0 }),
        },
      },
    ],
    ['no signature', { signature: undefined }],
  ])('%s', (_, change) => {
    const changed = TxEnvelopeTempo.serialize({ ...envelope, ...change });
    expect(() => readAwaitingFeePayer(changed)).toThrowError(expect.objectContaining({ code: 'INVALID_FORMAT' }));
  });

  it('the sender’s address in the place of the marker', () => {
    const marked = TxEnvelopeTempo.serialize({ ...envelope }, { format: 'feePayer', sender: payer.address });
    const changed: Hex = `0x76${marked.slice(4)}`;
    expect(() => readAwaitingFeePayer(changed)).toThrowError(expect.objectContaining({ code: 'INVALID_FORMAT' }));
  });

  it('any bytes', () => {
    const anyHex = fc.uint8Array({ maxLength: 400 }).map((bytes): Hex => `0x76${Buffer.from(bytes).toString('hex')}`);
    fc.assert(
      fc.property(anyHex, (bytes) => {
        expect(() => readAwaitingFeePayer(bytes)).toThrowError(expect.objectContaining({ code: 'INVALID_FORMAT' }));
      }),
    );
  });

  it('a changed byte: it is refused, or is another transaction than the one that was signed', async () => {
    const length = (rawTransaction.length - 2) / 2;
    const engine = createNodeEngine();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const bytes = Buffer.from(rawTransaction.slice(2), 'hex');
        bytes.writeUInt8(bytes.readUInt8(at) ^ flip, at);
        const changed: Hex = `0x${bytes.toString('hex')}`;
        let read: ReturnType<typeof readAwaitingFeePayer>;
        try {
          read = readAwaitingFeePayer(changed);
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_FORMAT' });
          return;
        }
        expect(await verifyPayerSignature(engine, read.digest, read.signature, payer.address)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe('an answer is not accepted', () => {
  const refused = expect.objectContaining({ code: 'INVALID_SIGNATURE' });

  it('for another transaction', async () => {
    const another = await signTransaction({ ...transaction, nonce: 5n }, payer);
    const complete = await addFeePayer(readAwaitingFeePayer(another.rawTransaction), terms, sponsor);
    expect(() => readSponsored(complete.rawTransaction, awaiting)).toThrowError(refused);
  });

  it('without a fee payer’s signature', () => {
    expect(() => readSponsored(rawTransaction, awaiting)).toThrowError(refused);
  });

  it('with another signature of the sender’s', async () => {
    const other = readAwaitingFeePayer((await signTransaction(transaction, createPayer('P-256', 9))).rawTransaction);
    const complete = await addFeePayer(other, terms, sponsor);
    expect(() => readSponsored(complete.rawTransaction, awaiting)).toThrowError(refused);
  });

  it('when the sender would pay after all', async () => {
    const own = await signTransaction({ ...transaction, feeToken: PATH_USD }, payer);
    expect(() => readSponsored(own.rawTransaction, awaiting)).toThrowError(refused);
  });

  it('when it is no transaction', () => {
    expect(() => readSponsored('0x76', awaiting)).toThrowError(expect.objectContaining({ code: 'INVALID_FORMAT' }));
    expect(() => readSponsored('0x', awaiting)).toThrowError(expect.objectContaining({ code: 'INVALID_FORMAT' }));
  });
});
