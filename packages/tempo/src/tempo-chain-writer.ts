import type { PayerSigner } from '@fastpay/crypto';
import type { Address, Committee, Domain, Hex } from '@fastpay/protocol';
import * as AbiFunction from 'ox/AbiFunction';
import { callData } from './call-data.ts';
import { depositCalls } from './deposit.ts';
import { TempoError } from './errors.ts';
import { ethCall } from './eth-call.ts';
import { sendExpiring } from './expiring.ts';
import { reserveAbi } from './gen/reserve.ts';
import type { JsonRpc } from './json-rpc.ts';
import { tempoLimits } from './limits.ts';
import { outcomeOf } from './reserve-events.ts';
import type { ReserveTransaction, ReserveWriter, SettlementBatch } from './reserve-writer.ts';
import { encodeSettle, settleGas } from './settle-calldata.ts';
import type { TempoCall } from './transaction.ts';

export interface TempoReserveWriterOptions {
  readonly domain: Domain;
  readonly committee: Committee;
  /** The TIP-20 that pays for gas. */
  readonly feeToken: Address;
}

const GAS_DEPOSIT = 2_000_000n;
const GAS_EXIT = 2_000_000n;

/** The way to the reserve over the JSON-RPC of a Tempo node, by transactions that no nonce orders. */
export function createTempoReserveWriter(
  { domain, committee, feeToken }: TempoReserveWriterOptions,
  { rpc, signer }: { readonly rpc: JsonRpc; readonly signer: PayerSigner },
): ReserveWriter {
  const { chainId, reserve } = domain;
  let sent = 0n;

  function settleData({ certificates }: SettlementBatch): Hex {
    return encodeSettle({ certificates, committee });
  }

  function callsOf(transaction: ReserveTransaction): { readonly calls: readonly TempoCall[]; readonly gas: bigint } {
    switch (transaction.type) {
      case 'settle':
        return { calls: [{ to: reserve, data: settleData(transaction) }], gas: batchGas(transaction) };
      case 'deposit': {
        const { asset, owner } = transaction.account;
        return { calls: depositCalls(reserve, asset, owner, transaction.amount), gas: GAS_DEPOSIT };
      }
      default: {
        const data = callData(`${transaction.type}(address)`, [transaction.asset]);
        return { calls: [{ to: reserve, data }], gas: GAS_EXIT };
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
      const result = await ethCall(
        rpc,
        { from: signer.address, to: reserve, data: settleData(batch), gas },
        'outcomes',
      );
      if (result === '0x') throw new TempoError('WRONG_RESERVE', 'there is no reserve contract at this address');
      return AbiFunction.decodeResult(settleFunction, result).map(outcomeOf);
    },
  };
}

const settleFunction = AbiFunction.fromAbi(reserveAbi, 'settle');

function batchGas({ certificates }: SettlementBatch): bigint {
  const { transactionGas } = tempoLimits;
  const enough = settleGas(certificates);
  return enough < transactionGas ? enough : transactionGas;
}
