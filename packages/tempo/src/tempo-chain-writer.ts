import type { PayerSigner } from '@fastpay/crypto';
import type { Address, Committee, Domain, Hex } from '@fastpay/protocol';
import { arrayIn, objectIn, quantityIn } from './answers.ts';
import { callData } from './call-data.ts';
import { depositCalls } from './deposit.ts';
import { TempoError } from './errors.ts';
import { ethCall } from './eth-call.ts';
import { sendExpiring } from './expiring.ts';
import type { JsonRpc } from './json-rpc.ts';
import { tempoLimits } from './limits.ts';
import { encodeRelease } from './release.ts';
import { decodeBatchRecords, decodeReserveEvents, type Outcome } from './reserve-events.ts';
import type { ReserveTransaction, ReserveWriter, SettlementBatch } from './reserve-writer.ts';
import { settleGas } from './settle-batch.ts';
import { encodeSettle, encodeSettleAttested } from './settle-calldata.ts';
import { tokenBalance } from './tip20.ts';
import type { TempoCall } from './transaction.ts';
import { costIn } from './transaction-cost.ts';

export interface TempoReserveWriterOptions {
  readonly domain: Domain;
  readonly committee: Committee;
  /** The TIP-20 that pays for gas. */
  readonly feeToken: Address;
}

const GAS_DEPOSIT = 2_000_000n;
const GAS_CALL = 2_000_000n;

/** The way to the reserve over the JSON-RPC of a Tempo node, by transactions that no nonce orders. */
export function createTempoReserveWriter(
  { domain, committee, feeToken }: TempoReserveWriterOptions,
  { rpc, signer }: { readonly rpc: JsonRpc; readonly signer: PayerSigner },
): ReserveWriter {
  const { chainId, reserve } = domain;
  let sent = 0n;

  function settleData({ certificates, attestation }: SettlementBatch): Hex {
    return attestation
      ? encodeSettleAttested({ certificates, committee, attestation })
      : encodeSettle({ certificates, committee });
  }

  function callsOf(transaction: ReserveTransaction): { readonly calls: readonly TempoCall[]; readonly gas: bigint } {
    switch (transaction.type) {
      case 'settle':
        return { calls: [{ to: reserve, data: settleData(transaction) }], gas: batchGas(transaction) };
      case 'deposit': {
        const { asset, owner } = transaction.account;
        return { calls: depositCalls(reserve, asset, owner, transaction.amount), gas: GAS_DEPOSIT };
      }
      case 'release': {
        const { asset, owner } = transaction.account;
        return { calls: [{ to: reserve, data: encodeRelease(asset, owner) }], gas: GAS_CALL };
      }
      default: {
        const data = callData(`${transaction.type}(address)`, [transaction.asset]);
        return { calls: [{ to: reserve, data }], gas: GAS_CALL };
      }
    }
  }

  return {
    address: signer.address,
    submit(transaction) {
      const { calls, gas } = callsOf(transaction);
      // Equal transactions of one second would be one: each offers a little gas more than the one before.
      sent += 1n;
      return sendExpiring(calls, { chainId, feeToken, gas: gas + (sent % 1_000n) }, { rpc, signer });
    },
    async preview(batch) {
      const gas: Hex = `0x${batchGas(batch).toString(16)}`;
      const call = { from: signer.address, to: reserve, data: settleData(batch), gas };
      return outcomesIn(batch, await ethCall(rpc, call, 'outcomes'));
    },
    async outcome(transactionHash) {
      const answer = await rpc.request('eth_getTransactionReceipt', [transactionHash]);
      if (answer === null) return undefined;
      const receipt = objectIn(answer, 'receipt');
      const { succeeded, spent } = costIn(receipt);
      return {
        succeeded,
        cost: spent,
        settled: decodeReserveEvents(arrayIn(receipt.logs, 'receipt logs'), reserve).flatMap((event) =>
          event.type === 'settled' ? [{ account: event.account, sequence: event.sequence }] : [],
        ),
      };
    },
    async funds() {
      const [latest, balance] = await Promise.all([
        rpc.request('eth_getBlockByNumber', ['latest', false]),
        tokenBalance(rpc, feeToken, signer.address),
      ]);
      return { gasPrice: quantityIn(objectIn(latest, 'latest block').baseFeePerGas, 'base fee'), balance };
    },
  };
}

/** Both ways to settle answer the same list. */
function outcomesIn({ certificates }: SettlementBatch, result: Hex): readonly Outcome[] {
  // The contract answers nothing when there is not even the gas to begin, which `batchGas` is beyond.
  if (result === '0x') throw new TempoError('WRONG_RESERVE', 'there is no reserve contract at this address');
  const [first] = certificates;
  if (!first) return [];
  const records = decodeBatchRecords(first.slot.asset, result);
  return records.map((record) => (record.type === 'settled' ? 'SETTLED' : record.reason));
}

function batchGas({ certificates }: SettlementBatch): bigint {
  const { transactionGas } = tempoLimits;
  const enough = settleGas(certificates);
  if (enough > transactionGas) return transactionGas;
  return enough;
}
