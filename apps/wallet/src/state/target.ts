import { decodePaymentRequest } from '@fastpay/client';
import {
  type Address,
  formatAmount,
  isTip20Address,
  isVirtualAddress,
  RejectError,
  ZERO_ADDRESS,
} from '@fastpay/protocol';
import { sentence } from './format.ts';
import type { Session } from './session.ts';

/** Whom a scanned, pasted or linked text asks to pay, or what is wrong with it. */
export type Target = { readonly recipient: Address; readonly amount?: string } | { readonly problem: string };

type Payer = Pick<Session, 'network' | 'address'>;

export function readTarget(text: string, payer: Payer): Target {
  try {
    const { recipient, amount } = decodePaymentRequest(text, payer.network);
    const problem = recipientProblem(recipient, payer);
    if (problem !== undefined) return { problem };
    return amount === undefined ? { recipient } : { recipient, amount: formatAmount(amount) };
  } catch (error) {
    if (error instanceof RejectError) return { problem: sentence(error.message) };
    throw error;
  }
}

/** The recipients that every validator refuses (§3), told before anything is typed further. */
function recipientProblem(recipient: Address, { address, network }: Payer): string | undefined {
  if (recipient === address) return 'This is your own address.';
  if (recipient === ZERO_ADDRESS) return 'This is the zero address. Nobody could spend what it receives.';
  if (recipient === network.domain.reserve) return 'This is the reserve contract. To fund your account, use Deposit.';
  if (isTip20Address(recipient)) return 'This is the address of a token, not of a person.';
  if (isVirtualAddress(recipient)) return 'This is a virtual address. It cannot own a balance.';
  return undefined;
}
