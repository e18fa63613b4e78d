import type { Secp256k1Signer } from '@fastpay/crypto';
import { type Address, fromHex, type Hash, type Hex, RejectError, toAddress, toHash, toHex } from '@fastpay/protocol';
import * as Signature from 'ox/Signature';
import * as SignatureEnvelope from 'ox/tempo/SignatureEnvelope';
import * as TxEnvelopeTempo from 'ox/tempo/TxEnvelopeTempo';
import { parseSignature, seal, signPayload, unsigned } from './envelope.ts';
import type { SignedTransaction, TempoTransaction } from './transaction.ts';

/** Transactions whose gas somebody else pays: what the sender signs leaves the fee token and the fee payer open. */

/** Signed by its sender; a fee payer has to sign too. */
export interface AwaitingFeePayer {
  readonly transaction: TempoTransaction;
  /** What the sender signed. */
  readonly digest: Hash;
  /** The sender's, as bytes; not verified. */
  readonly signature: Uint8Array;
}

/**
 * Reads what a sender hands to a sponsor. Nothing passes that this package would not have written itself: access lists,
 * authorizations, keys, tips, values and other encodings are refused.
 * @throws RejectError INVALID_FORMAT.
 */
export function readAwaitingFeePayer(rawTransaction: Hex): AwaitingFeePayer {
  const { signature, calls, ...read } = deserialize(rawTransaction);
  const transaction: TempoTransaction = {
    chainId: BigInt(read.chainId),
    calls: calls.map(({ to, data }) => ({ ...(to && { to: toAddress(to) }), data: data ?? '0x' })),
    gas: read.gas ?? 0n,
    maxFeePerGas: read.maxFeePerGas ?? 0n,
    nonceKey: read.nonceKey ?? 0n,
    nonce: read.nonce ?? 0n,
    feeToken: 'sponsor',
    ...(read.validBefore !== undefined && { validBefore: BigInt(read.validBefore) }),
  };
  if (!signature || TxEnvelopeTempo.serialize({ ...unsigned(transaction), signature }) !== rawTransaction) {
    throw new RejectError(
      'INVALID_FORMAT',
      'more than calls, gas, a fee limit, a nonce, a time limit and a signature, or not in their one encoding',
    );
  }
  const bytes = fromHex(SignatureEnvelope.serialize(signature));
  return { transaction, digest: signPayload(transaction), signature: bytes };
}

/** Signs as the fee payer: gas is paid by `signer`, in `feeToken`. `sender` has to be the one that signed. */
export async function addFeePayer(
  { transaction, signature }: AwaitingFeePayer,
  { feeToken, sender }: { readonly feeToken: Address; readonly sender: Address },
  signer: Secp256k1Signer,
): Promise<SignedTransaction> {
  const envelope = { ...unsigned(transaction), feeToken };
  const digest = toHash(TxEnvelopeTempo.getFeePayerSignPayload(envelope, { sender }));
  const feePayerSignature = Signature.fromHex(toHex(await signer.sign(digest)));
  return seal({ ...envelope, feePayerSignature, signature: parseSignature(signature) });
}

/**
 * What a sponsor made of a transaction that it was handed: the same one, with a fee payer's signature.
 * @throws RejectError INVALID_SIGNATURE when it is another one, or nobody has signed for the fee.
 */
export function readSponsored(rawTransaction: Hex, { digest, signature }: AwaitingFeePayer): SignedTransaction {
  const { signature: sendersSignature, ...read } = deserialize(rawTransaction);
  const isSame =
    sendersSignature !== undefined &&
    toHash(TxEnvelopeTempo.getSignPayload(read)) === digest &&
    SignatureEnvelope.serialize(sendersSignature) === toHex(signature);
  const signed = { ...read, signature: parseSignature(signature) };
  if (!isSame || !read.feePayerSignature || TxEnvelopeTempo.serialize(signed) !== rawTransaction) {
    throw new RejectError('INVALID_SIGNATURE', 'the sponsor’s answer is not what it was handed, signed');
  }
  return { rawTransaction, transactionHash: toHash(TxEnvelopeTempo.hash(signed)) };
}

function deserialize(rawTransaction: Hex): TxEnvelopeTempo.TxEnvelopeTempo {
  try {
    if (!isTempoType(rawTransaction)) throw new TypeError('another type');
    return TxEnvelopeTempo.deserialize(rawTransaction);
  } catch (error) {
    throw new RejectError('INVALID_FORMAT', 'no Tempo transaction (type 0x76)', {}, { cause: error });
  }
}

function isTempoType(rawTransaction: Hex): rawTransaction is TxEnvelopeTempo.Serialized {
  return rawTransaction.startsWith(TxEnvelopeTempo.serializedType);
}
