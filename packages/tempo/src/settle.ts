import type { PayerSigner } from '@fastpay/crypto';
import type { Address } from '@fastpay/protocol';
import { createJsonRpc } from './json-rpc.ts';
import type { Receipt } from './receipt.ts';
import { decodeReserveEvents, type Outcome } from './reserve-events.ts';
import { type SendOptions, sendCalls } from './send-calls.ts';
import { encodeSettle, type SettleBatch, settleGas } from './settle-calldata.ts';

export interface SettleOptions extends SettleBatch, Partial<Omit<SendOptions, 'feeToken'>> {
  readonly rpcUrl: string;
  readonly reserve: Address;
  /** Pays the gas and gets the fees. */
  readonly signer: PayerSigner;
  /** The batch's asset unless given. */
  readonly feeToken?: Address;
}

export interface SettleResult {
  readonly receipt: Receipt;
  /** What became of each certificate, in the batch's order. */
  readonly outcomes: readonly Outcome[];
}

/**
 * Settles a batch and waits until it is in a block. One bad certificate never stops the others.
 * @throws RangeError as `encodeSettle`; TempoError REVERTED when the committee is not the reserve's, otherwise as
 * `sendTransaction` and `waitForReceipt`.
 */
export async function settle(options: SettleOptions): Promise<SettleResult> {
  const { rpcUrl, reserve, signer, certificates, committee } = options;
  const data = encodeSettle({ certificates, committee });
  const feeToken = options.feeToken ?? certificates[0]?.slot.asset;
  if (feeToken === undefined) throw new RangeError('a batch holds at least one certificate');
  const receipt = await sendCalls(
    [{ to: reserve, data }],
    { ...options, feeToken, gas: options.gas ?? settleGas(certificates) },
    { rpc: createJsonRpc({ url: rpcUrl }), signer },
  );
  return { receipt, outcomes: outcomesOf(receipt, reserve, certificates.length) };
}

/** What became of each of `count` entries, from the events of the transaction that settled them. */
export function outcomesOf(receipt: Receipt, reserve: Address, count: number): readonly Outcome[] {
  const outcomes = Array.from({ length: count }, (): Outcome => 'SETTLED');
  for (const event of decodeReserveEvents(receipt.logs, reserve)) {
    if (event.type === 'passedOver') outcomes[event.index] = event.reason;
    if (event.type === 'stopped') outcomes.fill('NOT_REACHED', event.index);
  }
  return outcomes;
}
