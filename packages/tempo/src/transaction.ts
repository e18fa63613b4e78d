import type { PayerSigner } from '@fastpay/crypto';
import type { Address, Hash, Hex } from '@fastpay/protocol';
import { hashIn, quantityIn } from './answers.ts';
import { TempoError } from './errors.ts';
import type { JsonRpc } from './json-rpc.ts';

export interface TempoCall {
  /** Absent: creates a contract from `data`; only as the first call. */
  readonly to?: Address;
  readonly data: Hex;
}

/** A Tempo transaction (type 0x76). Nothing is filled in behind the caller's back. */
export interface TempoTransaction {
  readonly chainId: bigint;
  /** Run in order, all or none. */
  readonly calls: readonly TempoCall[];
  readonly gas: bigint;
  /** Wei. */
  readonly maxFeePerGas: bigint;
  /** 0 is the account's own lane, whose next nonce `transactionCount` gives. */
  readonly nonceKey: bigint;
  readonly nonce: bigint;
  /** The TIP-20 that pays for gas; or whoever signs as its fee payer pays, with a token of theirs. */
  readonly feeToken: Address | 'sponsor';
  /** Unix seconds; from then on it cannot be included. */
  readonly validBefore?: bigint;
}

export interface SignedTransaction {
  readonly rawTransaction: Hex;
  /** Known before anything is sent. */
  readonly transactionHash: Hash;
  /** Unix seconds; from then on it cannot be included. Absent: it can be at any time. */
  readonly validBefore?: bigint;
}

/**
 * Signs a transaction with any Tempo account key: secp256k1, P-256 or WebAuthn.
 * @throws TypeError when the signer's signature is not in the one canonical encoding.
 */
export async function signTransaction(transaction: TempoTransaction, signer: PayerSigner): Promise<SignedTransaction> {
  // The one heavy part of this package; a wallet loads it when it first signs.
  const { sealEnvelope, signPayload } = await import('./envelope.ts');
  return sealEnvelope(transaction, await signer.sign(signPayload(transaction)));
}

/** JSON-RPC code and texts with which nodes say that they have this very transaction already. */
const ALREADY_KNOWN = /already (?:known|imported)/i;

/**
 * Hands the transaction to the node. Sending the same bytes again is harmless and succeeds. A node may accept and
 * still drop it: only a receipt tells.
 * @throws TempoError as `JsonRpc.request`, with the transaction hash: after TIMEOUT and UNREACHABLE it may be included.
 */
export async function sendTransaction(rpc: JsonRpc, transaction: SignedTransaction): Promise<Hash> {
  const { rawTransaction, transactionHash } = transaction;
  try {
    const answer = hashIn(await rpc.request('eth_sendRawTransaction', [rawTransaction]), 'transaction hash');
    if (answer === transactionHash) return transactionHash;
    throw new TempoError('BAD_ANSWER', 'the node took in another transaction than it was given');
  } catch (error) {
    if (!(error instanceof TempoError)) throw error;
    if (error.code === 'REFUSED' && ALREADY_KNOWN.test(error.message)) return transactionHash;
    throw withTransactionHash(error, transactionHash);
  }
}

function withTransactionHash(error: TempoError, transactionHash: Hash): TempoError {
  return new TempoError(error.code, error.message, { ...error.facts, transactionHash }, { cause: error });
}

/** The next nonce of the account's own lane (nonce key 0), counting what waits in the pool. */
export async function transactionCount(rpc: JsonRpc, account: Address): Promise<bigint> {
  return quantityIn(await rpc.request('eth_getTransactionCount', [account, 'pending']), 'transaction count');
}

export async function chainIdOf(rpc: JsonRpc): Promise<bigint> {
  return quantityIn(await rpc.request('eth_chainId', []), 'chain id');
}
