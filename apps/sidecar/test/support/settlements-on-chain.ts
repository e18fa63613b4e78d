import type { Address } from '@fastpay/protocol';
import { createJsonRpc, decodeReserveEvents, type Outcome, type ReserveEvent } from '@fastpay/tempo';
import type { TestNetwork } from './test-network.ts';

/** One transaction of a validator's settlement key, as the chain's receipt has it. */
export interface SettlementOnChain {
  /** Index of the committee's member that paid for it. */
  readonly signer: number;
  readonly gasUsed: bigint;
  readonly succeeded: boolean;
  /** Of each entry; none for what was no settlement. */
  readonly outcomes: readonly Outcome[];
}

interface ReceiptAnswer {
  readonly from: Address;
  readonly gasUsed: string;
  readonly status: string;
  readonly logs: readonly unknown[];
}

/** Everything that settlement keys have sent, in chain order. */
export async function settlementsOnChain({ network, node }: TestNetwork): Promise<readonly SettlementOnChain[]> {
  const rpc = createJsonRpc({ url: node.rpcUrl });
  const settlers = network.committee.members.map(({ settlementAddress }) => settlementAddress);
  const found: SettlementOnChain[] = [];
  const latest = Number(await rpc.request('eth_blockNumber', []));
  for (let height = 0; height <= latest; height++) {
    const receipts = (await rpc.request('eth_getBlockReceipts', [`0x${height.toString(16)}`])) as ReceiptAnswer[];
    for (const { from, gasUsed, status, logs } of receipts) {
      const signer = settlers.indexOf(from);
      if (signer < 0) continue;
      const outcomes = decodeReserveEvents(logs, network.domain.reserve).flatMap(outcomeOf);
      found.push({ signer, gasUsed: BigInt(gasUsed), succeeded: BigInt(status) === 1n, outcomes });
    }
  }
  return found;
}

export function gasPerEntry(settlement: SettlementOnChain | undefined): bigint {
  if (!settlement) throw new Error('a settlement expected');
  return settlement.gasUsed / BigInt(settlement.outcomes.length);
}

/** How many entries were settled, and how many entries were passed over. */
export function countOutcomes(settlements: readonly SettlementOnChain[]): { settled: number; passedOver: number } {
  const all = settlements.flatMap(({ outcomes }) => outcomes);
  const settled = all.filter((outcome) => outcome === 'SETTLED').length;
  return { settled, passedOver: all.length - settled };
}

function outcomeOf(event: ReserveEvent): readonly Outcome[] {
  if (event.type === 'settled') return ['SETTLED'];
  return event.type === 'passedOver' ? [event.reason] : [];
}
