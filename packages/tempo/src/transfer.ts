import {
  type Address,
  type Hash,
  isTip20Address,
  isVirtualAddress,
  MAX_U64,
  type Network,
  RejectError,
  ZERO_ADDRESS,
} from '@fastpay/protocol';
import type { JsonRpc } from './json-rpc.ts';
import { type CallsCost, type CallsDependencies, estimateCallsCost, signCalls } from './sign-calls.ts';
import { encodeTransfer, encodeTransferWithMemo } from './tip20.ts';
import type { SignedTransaction } from './transaction.ts';

/** A transfer to a holder that is new to the token writes one empty word; the first transaction of a sender another. */
const TRANSFER_GAS = 700_000n;

/** A plain transfer of tokens on Tempo: no certificate, as slow and as final as the chain. */
export interface TransferRequest {
  readonly network: Pick<Network, 'domain'>;
  readonly asset: Address;
  readonly recipient: Address;
  /** Base units, above zero. */
  readonly amount: bigint;
  readonly memo?: Hash;
}

/** What a transfer costs at most at the present base fee. */
export function estimateTransferCost(rpc: JsonRpc): Promise<CallsCost> {
  return estimateCallsCost(rpc, TRANSFER_GAS);
}

/**
 * Signs a transfer of the signer's own tokens. Nothing is sent: store the bytes first, then `sendTransaction`.
 * @throws RejectError INVALID_FORMAT for the amount or a recipient whose tokens would be lost; otherwise as `signCalls`.
 */
export function signTransfer(request: TransferRequest, dependencies: CallsDependencies): Promise<SignedTransaction> {
  const { network, asset, recipient, amount, memo } = request;
  if (amount <= 0n || amount > MAX_U64) {
    throw new RejectError('INVALID_FORMAT', 'a transfer is above zero and in 64 bits');
  }
  // Tokens sent to the reserve without a deposit belong to nobody (§1); the others have no key.
  const isLost =
    recipient === ZERO_ADDRESS ||
    recipient === network.domain.reserve ||
    isTip20Address(recipient) ||
    isVirtualAddress(recipient);
  if (isLost) throw new RejectError('INVALID_FORMAT', 'tokens sent to this address would be lost');
  const data = memo === undefined ? encodeTransfer(recipient, amount) : encodeTransferWithMemo(recipient, amount, memo);
  const calls = [{ to: asset, data }];
  return signCalls({ network, asset, calls, gas: TRANSFER_GAS, spends: amount }, dependencies);
}
