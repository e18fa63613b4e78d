import { type Hash, toHash, toHex } from '@fastpay/protocol';
import * as SignatureEnvelope from 'ox/tempo/SignatureEnvelope';
import * as TxEnvelopeTempo from 'ox/tempo/TxEnvelopeTempo';
import type { SignedTransaction, TempoTransaction } from './transaction.ts';

/** The binary form of Tempo transactions. Wallets load it only when something is signed. */

/** The digest that the sender signs. */
export function signPayload(transaction: TempoTransaction): Hash {
  return toHash(TxEnvelopeTempo.getSignPayload(unsigned(transaction)));
}

/** @throws TypeError when the signature is not in the one canonical encoding. */
export function sealEnvelope(transaction: TempoTransaction, signature: Uint8Array): SignedTransaction {
  return seal({ ...unsigned(transaction), signature: parseSignature(signature) });
}

/** @throws TypeError when the bytes are not what was signed. */
export function seal(signed: TxEnvelopeTempo.Signed): SignedTransaction {
  const rawTransaction = TxEnvelopeTempo.serialize(signed);
  // What we send is what we signed: the bytes read back give the same bytes.
  if (TxEnvelopeTempo.serialize(TxEnvelopeTempo.deserialize(rawTransaction)) !== rawTransaction) {
    throw new TypeError('the transaction does not survive its own encoding');
  }
  return { rawTransaction, transactionHash: toHash(TxEnvelopeTempo.hash(signed)) };
}

/** The fields in the form that the encoder takes. */
export function unsigned(transaction: TempoTransaction): TxEnvelopeTempo.TxEnvelopeTempo<false> {
  const { chainId, calls, gas, maxFeePerGas, nonceKey, nonce, feeToken, validBefore } = transaction;
  return {
    type: 'tempo',
    chainId: Number(chainId),
    calls,
    gas,
    maxFeePerGas,
    // Tempo orders by arrival, not by tips.
    maxPriorityFeePerGas: 0n,
    nonceKey,
    nonce,
    // `null` stands for a fee payer's signature that is still to come. The sender leaves the token to the fee payer.
    ...(feeToken === 'sponsor' ? { feePayerSignature: null } : { feeToken }),
    validBefore: validBefore === undefined ? undefined : Number(validBefore),
  };
}

/** @throws TypeError when the signature is not in the one canonical encoding. */
export function parseSignature(bytes: Uint8Array): SignatureEnvelope.SignatureEnvelope {
  const serialized = toHex(bytes);
  const envelope = SignatureEnvelope.deserialize(serialized);
  if (SignatureEnvelope.serialize(envelope) !== serialized) {
    throw new TypeError('the signature is not in its canonical encoding');
  }
  return envelope;
}
