import { type Address, type Hex, type Network, RejectError } from '@fastpay/protocol';
import { assertDepositable, depositCalls } from './deposit.ts';
import { TempoError } from './errors.ts';
import { latestBlock } from './latest-block.ts';
import { tempoLimits } from './limits.ts';
import { assertReserve, type CallsDependencies, type OwnLaneNonce } from './sign-calls.ts';
import { tokenBalance } from './tip20.ts';
import { type SignedTransaction, signTransaction, transactionCount } from './transaction.ts';

/** What somebody who pays for the gas of deposits wants them to look like. */
export interface SponsorTerms {
  /** Exactly this much. */
  readonly gas: bigint;
  /** Wei. */
  readonly maxFeePerGas: bigint;
  /** How long after the latest block the deposit may still be included, at most. */
  readonly lifeSeconds: bigint;
  /** Base units of the asset. */
  readonly minimumAmount: bigint;
}

export interface SponsoredDepositRequest {
  readonly network: Pick<Network, 'domain'>;
  readonly asset: Address;
  /** Base units, above zero. */
  readonly amount: bigint;
  readonly terms: SponsorTerms;
  /** A deposit that may still be included, and that this one takes the place of. */
  readonly inPlaceOf?: OwnLaneNonce;
}

/** Signed by its sender alone: nothing that a node takes. */
export interface DepositForSponsor extends OwnLaneNonce {
  readonly rawTransaction: Hex;
}

/**
 * Signs a deposit into the signer's own account whose gas a sponsor pays, so that the whole balance can be deposited.
 * It has the next nonce of the signer's own lane and a time limit: whatever the sponsor does with it, it is included
 * at most once, not after that time, and never beside another transaction with the same nonce.
 * @throws RejectError INVALID_FORMAT for the amount, NOT_SPONSORED when it is below the sponsor's minimum; TempoError
 * INSUFFICIENT_FUNDS with what is missing, WRONG_RESERVE; otherwise as `JsonRpc.request`.
 */
export async function signDepositForSponsor(
  { network, asset, amount, terms, inPlaceOf }: SponsoredDepositRequest,
  { rpc, signer }: CallsDependencies,
): Promise<DepositForSponsor> {
  assertDepositable(amount);
  if (amount < terms.minimumAmount) throw new RejectError('NOT_SPONSORED', 'the amount is below the sponsor’s minimum');
  const { chainId, reserve } = network.domain;
  await assertReserve(rpc, network.domain);
  const [{ timestamp }, balance, next] = await Promise.all([
    latestBlock(rpc),
    tokenBalance(rpc, asset, signer.address),
    transactionCount(rpc, signer.address),
  ]);
  if (amount > balance) {
    throw new TempoError('INSUFFICIENT_FUNDS', 'the account does not hold the amount', { missing: amount - balance });
  }
  const { gas, maxFeePerGas } = terms;
  const nonce = inPlaceOf && inPlaceOf.validBefore > timestamp ? inPlaceOf.nonce : next;
  // A sponsor that lies must not keep something that can still happen long after it was asked for.
  const isTooLong = terms.lifeSeconds > tempoLimits.sponsoredLifeSeconds;
  const validBefore = timestamp + (isTooLong ? tempoLimits.sponsoredLifeSeconds : terms.lifeSeconds);
  const calls = depositCalls(reserve, asset, signer.address, amount);
  const { rawTransaction } = await signTransaction(
    { chainId, calls, gas, maxFeePerGas, nonceKey: 0n, nonce, feeToken: 'sponsor', validBefore },
    signer,
  );
  return { rawTransaction, nonce, validBefore };
}

/**
 * The transaction that can be sent, from what the sponsor answered.
 * @throws RejectError INVALID_SIGNATURE when that is not this deposit with a fee payer's signature, INVALID_FORMAT when
 * it is no transaction.
 */
export async function acceptSponsored(deposit: DepositForSponsor, answer: Hex): Promise<SignedTransaction> {
  const { readAwaitingFeePayer, readSponsored } = await import('./fee-payer.ts');
  const signed = readSponsored(answer, readAwaitingFeePayer(deposit.rawTransaction));
  return { ...signed, validBefore: deposit.validBefore };
}
