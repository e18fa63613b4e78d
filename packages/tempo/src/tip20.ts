import type { Address, Hash, Hex } from '@fastpay/protocol';
import { callData } from './call-data.ts';
import { TempoError } from './errors.ts';
import { ethCall } from './eth-call.ts';
import type { JsonRpc } from './json-rpc.ts';

/** TIP-20 tokens: what FastPay needs of them. Amounts are base units. */

export function encodeTransfer(recipient: Address, amount: bigint): Hex {
  return callData('transfer(address,uint256)', [recipient, amount]);
}

/** A transfer that carries 32 bytes for the recipient's books. */
export function encodeTransferWithMemo(recipient: Address, amount: bigint, memo: Hash): Hex {
  return callData('transferWithMemo(address,uint256,bytes32)', [recipient, amount, BigInt(memo)]);
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

/**
 * Whether the token would let `from` send this in the latest block: it holds as much, and neither a pause nor a policy
 * forbids it. @throws TempoError as `JsonRpc.request`, but REFUSED.
 */
export async function wouldTransfer(
  rpc: JsonRpc,
  { asset, from, to, amount }: Readonly<Record<'asset' | 'from' | 'to', Address>> & { readonly amount: bigint },
): Promise<boolean> {
  try {
    const answer = await ethCall(rpc, { from, to: asset, data: encodeTransfer(to, amount) }, 'transfer');
    return answer.length === 66 && BigInt(answer) === 1n;
  } catch (error) {
    if (error instanceof TempoError && error.code === 'REFUSED') return false;
    throw error;
  }
}
