import type { PayerSigner } from '@fastpay/crypto';
import type { Address, Hex, SignerSignature } from '@fastpay/protocol';
import { createJsonRpc } from './json-rpc.ts';
import type { Receipt } from './receipt.ts';
import { decodeReserveEvents, type Outcome } from './reserve-events.ts';
import { type SendOptions, sendCalls } from './send-calls.ts';
import { settleGas } from './settle-batch.ts';
import { encodeSettle, encodeSettleAttested, type SettleBatch } from './settle-calldata.ts';

export interface SettleOptions extends SettleBatch, Partial<Omit<SendOptions, 'feeToken'>> {
  readonly rpcUrl: string;
  readonly reserve: Address;
  /** Pays the gas. The fees wait for it in the reserve; `encodeRelease` fetches them. */
  readonly signer: PayerSigner;
  /** The batch's asset unless given. */
  readonly feeToken?: Address;
}

export interface SettleAttestedOptions extends SettleOptions {
  /** As `AttestedBatch.attestation`. */
  readonly attestation: readonly SignerSignature[];
}

export interface SettleResult {
  readonly receipt: Receipt;
  /** What became of each certificate, in the batch's order. */
  readonly outcomes: readonly Outcome[];
}

/**
 * Settles a batch by the commits of each certificate and waits until it is in a block. One bad certificate never stops
 * the others.
 * @throws RangeError as `encodeSettle`; TempoError REVERTED when the committee is not the reserve's, otherwise as
 * `sendTransaction` and `waitForReceipt`.
 */
export function settle(options: SettleOptions): Promise<SettleResult> {
  return submit(() => encodeSettle(options), options);
}

/** The same by an attestation of the whole batch; REVERTED when it is wrong, too. */
export function settleAttested(options: SettleAttestedOptions): Promise<SettleResult> {
  return submit(() => encodeSettleAttested(options), options);
}

async function submit(encode: () => Hex, options: SettleOptions): Promise<SettleResult> {
  const { rpcUrl, reserve, signer, certificates } = options;
  const feeToken = options.feeToken ?? certificates[0]?.slot.asset;
  if (feeToken === undefined) throw new RangeError('a batch holds at least one certificate');
  const receipt = await sendCalls(
    [{ to: reserve, data: encode() }],
    { ...options, feeToken, gas: options.gas ?? settleGas(certificates) },
    { rpc: createJsonRpc({ url: rpcUrl }), signer },
  );
  return { receipt, outcomes: outcomesOf(receipt, reserve, certificates.length) };
}

/**
 * What became of each of `count` entries, from the events of the one batch that a transaction settled. NOT_REACHED for
 * all when there are none: not even the first was begun.
 */
export function outcomesOf(receipt: Receipt, reserve: Address, count: number): readonly Outcome[] {
  const outcomes = decodeReserveEvents(receipt.logs, reserve).flatMap((event): readonly Outcome[] => {
    if (event.type === 'settled') return ['SETTLED'];
    return event.type === 'passedOver' ? [event.reason] : [];
  });
  return outcomes.length > 0 ? outcomes : Array.from({ length: count }, () => 'NOT_REACHED');
}
