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

/** An address on Tempo that tokens go to, out of FastPay or past it; one's own is a good one. */
export function readTempoTarget(text: string, payer: Payer): Target {
  return read(text, payer, lostAt);
}

export function readTarget(text: string, payer: Payer): Target {
  return read(text, payer, recipientProblem);
}

function read(text: string, payer: Payer, check: typeof lostAt): Target {
  try {
    const { recipient, amount } = decodePaymentRequest(text, payer.network);
    const problem = check(recipient, payer);
    if (problem !== undefined) return { problem };
    return amount === undefined ? { recipient } : { recipient, amount: formatAmount(amount) };
  } catch (error) {
    if (error instanceof RejectError) return { problem: sentence(error.message) };
    throw error;
  }
}

/** The recipients that every validator refuses (§3), told before anything is typed further. */
function recipientProblem(recipient: Address, payer: Payer): string | undefined {
  if (recipient === payer.address) return 'This is your own address.';
  return lostAt(recipient, payer);
}

/** Where tokens would be lost, whoever sends them there. */
function lostAt(recipient: Address, { network }: Payer): string | undefined {
  if (recipient === ZERO_ADDRESS) return 'This is the zero address. Nobody could spend what it receives.';
  if (recipient === network.domain.reserve) return 'This is the reserve contract. To fund your account, use Deposit.';
  if (isTip20Address(recipient)) return 'This is the address of a token, not of a person.';
  if (isVirtualAddress(recipient)) return 'This is a virtual address. It cannot own a balance.';
  return undefined;
}
