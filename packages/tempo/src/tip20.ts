import type { Address, Hex } from '@fastpay/protocol';
import { callData } from './call-data.ts';
import { TempoError } from './errors.ts';
import { ethCall } from './eth-call.ts';
import type { JsonRpc } from './json-rpc.ts';

/** TIP-20 tokens: what FastPay needs of them. Amounts are base units. */

export function encodeTransfer(recipient: Address, amount: bigint): Hex {
  return callData('transfer(address,uint256)', [recipient, amount]);
}

export function encodeApprove(spender: Address, amount: bigint): Hex {
  return callData('approve(address,uint256)', [spender, amount]);
}

/**
 * What `owner` holds on Tempo itself, outside the reserve, in the latest block.
 * @throws TempoError as `JsonRpc.request`; REFUSED when `asset` is no token.
 */
export async function tokenBalance(rpc: JsonRpc, asset: Address, owner: Address): Promise<bigint> {
  const data = await ethCall(rpc, { to: asset, data: callData('balanceOf(address)', [owner]) }, 'token balance');
  if (data.length !== 66) throw new TempoError('BAD_ANSWER', 'token balance: there is no token at this address');
  return BigInt(data);
}
