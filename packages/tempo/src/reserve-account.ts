import type { AccountId, Address, Hex } from '@fastpay/protocol';
import { quantityIn } from './answers.ts';
import { callData } from './call-data.ts';
import { TempoError } from './errors.ts';
import { ethCall } from './eth-call.ts';
import type { JsonRpc } from './json-rpc.ts';

/** An account as the reserve has it in the latest block: settled payments only. */
export interface ReserveAccount {
  /** Base units. */
  readonly balance: bigint;
  /** Base units that the token refused to pay out to the owner; `release` pays them. */
  readonly owed: bigint;
  /** Unix seconds from which on the exit can be executed; absent unless one stands requested. */
  readonly exitReadyAt?: bigint;
  /** Between requesting and executing an exit. */
  readonly exitDelaySeconds: bigint;
}

/**
 * Reads an account straight from the reserve; small enough for a browser.
 * @throws TempoError as `JsonRpc.request`; WRONG_RESERVE when there is no contract at the address.
 */
export async function reserveAccount(
  rpc: JsonRpc,
  reserve: Address,
  { asset, owner }: AccountId,
): Promise<ReserveAccount> {
  const view = async (data: Hex, what: string): Promise<bigint> => {
    const answer = await ethCall(rpc, { to: reserve, data }, what);
    // A call to an address without code succeeds and answers nothing.
    if (answer === '0x') throw new TempoError('WRONG_RESERVE', 'there is no reserve contract at this address');
    return quantityIn(answer, what);
  };
  const [balance, owed, readyAt, exitDelaySeconds] = await Promise.all([
    view(callData('balance(address,address)', [asset, owner]), 'balance'),
    view(callData('owed(address,address)', [asset, owner]), 'owed'),
    view(callData('exitReadyAt(address,address)', [asset, owner]), 'exit time'),
    view(callData('exitDelay()', []), 'exit delay'),
  ]);
  return { balance, owed, exitDelaySeconds, ...(readyAt > 0n && { exitReadyAt: readyAt }) };
}
