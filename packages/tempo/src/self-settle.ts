import type { Address, CommitCertificate, Network } from '@fastpay/protocol';
import type { JsonRpc } from './json-rpc.ts';
import { type CallsCost, type CallsDependencies, estimateCallsCost, signCalls } from './sign-calls.ts';
import type { SignedTransaction } from './transaction.ts';

/** What a transaction may use at most on Tempo's general lane. */
const MAX_GAS = 30_000_000n;

export interface SelfSettleRequest {
  readonly network: Pick<Network, 'domain' | 'committee'>;
  readonly asset: Address;
  /** The funding closure of a payment: oldest first, the payment's own last (§6). */
  readonly certificates: readonly CommitCertificate[];
}

async function gasOf(certificates: readonly CommitCertificate[]): Promise<bigint> {
  const { settleGas } = await import('./settle-batch.ts');
  const gas = settleGas(certificates);
  return gas < MAX_GAS ? gas : MAX_GAS;
}

/** What settling costs at most at the present base fee; the fees of the payments come back to whoever settles. */
export async function estimateSelfSettleCost(
  rpc: JsonRpc,
  certificates: readonly CommitCertificate[],
): Promise<CallsCost> {
  return estimateCallsCost(rpc, await gasOf(certificates));
}

/**
 * Signs the transaction with which any holder of a certificate turns it into tokens without a validator's help (§6).
 * Nothing is sent: store the bytes first, then `sendTransaction`.
 * @throws RangeError without certificates; otherwise as `signCalls`.
 */
export async function signSelfSettle(
  { network, asset, certificates }: SelfSettleRequest,
  dependencies: CallsDependencies,
): Promise<SignedTransaction> {
  const { encodeSettle } = await import('./settle-calldata.ts');
  const data = encodeSettle({ certificates, committee: network.committee });
  const calls = [{ to: network.domain.reserve, data }];
  return signCalls({ network, asset, calls, gas: await gasOf(certificates), spends: 0n }, dependencies);
}
