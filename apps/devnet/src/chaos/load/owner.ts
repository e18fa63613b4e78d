import { setTimeout as delay } from 'node:timers/promises';
import {
  type Address,
  type CommitCertificate,
  type Hash,
  hashFromBytes,
  OrderKind,
  toAddress,
  toHex,
} from '@fastpay/protocol';
import type { Random } from '../random.ts';
import type { Book, Intent } from './book.ts';
import type { Wallet } from './wallet.ts';

/** Who an owner pays, and how wildly. */
export interface OwnerOptions {
  readonly wallet: Wallet;
  /** Other owners, one device each. */
  readonly others: readonly Wallet[];
  readonly hasDeposits: boolean;
  readonly asset: Address;
  readonly random: Random;
}

const AMOUNT = { least: 1_000, most: 400_000 };
const THINK_MS = { least: 20, most: 400 };
const CRASH_AFTER_MS = { least: 0, most: 700 };
/** Of all payments. */
const WITHDRAWS = 0.08;
const CANCELS = 0.06;
const CRASHES = 0.12;
/** Of payments received, how many the payer hands over at once, as a QR code would. */
const HANDED_OVER = 0.7;
/** Of those, how many the payee spends at once, whatever else it is doing. */
const PASSED_ON = 0.5;
const SYNCS = 0.05;
/** After a refusal: a person does not tap again at once. */
const COOL_DOWN_MS = { least: 300, most: 1_000 };

/** Pays, withdraws, cancels, crashes and resumes until told to stop; one payment at a time, as a person does. */
export async function liveAsOwner(options: OwnerOptions, book: Book, signal: AbortSignal): Promise<void> {
  const { wallet, random, asset } = options;
  while (!signal.aborted) {
    await pauseFor(random.between(THINK_MS.least, THINK_MS.most), signal);
    if (random.chance(SYNCS)) await wallet.sync();
    const pending = await wallet.client.pending(asset);
    if (pending) {
      await mayCrash(wallet, random, () => wallet.endOpenSlot(random.chance(CANCELS) ? cancel(book) : 'finish'));
      continue;
    }
    const payee = random.pick(options.others);
    const intent = drawIntent(wallet, payee, random);
    if (random.chance(CANCELS)) {
      await payAndCancel(wallet, intent, book, random);
      continue;
    }
    const certificate = await mayCrash(wallet, random, () => wallet.pay(intent));
    if (!certificate) {
      await pauseFor(random.between(COOL_DOWN_MS.least, COOL_DOWN_MS.most), signal);
      continue;
    }
    count(certificate, options, book);
    if (intent.kind === OrderKind.transfer && random.chance(HANDED_OVER)) {
      await handOver(certificate, payee, options);
    }
  }
}

function count(certificate: CommitCertificate, { hasDeposits }: OwnerOptions, book: Book): void {
  if (!hasDeposits) book.count('payments on received money alone');
  if ((certificate.signedOrder?.order.parents.length ?? 0) > 0) book.count('payments that name their parents');
}

/** The payee takes the certificate from the payer's hand and may spend the money before validators have told it. */
async function handOver(certificate: CommitCertificate, payee: Wallet, { others, random }: OwnerOptions) {
  await payee.takeIn(certificate);
  const thirds = others.filter(({ device }) => device !== payee.device);
  if (random.chance(PASSED_ON)) await payee.pay(drawIntent(payee, random.pick(thirds), random));
}

function cancel(book: Book): 'cancel' {
  book.count('cancellations asked for');
  return 'cancel';
}

function drawIntent(wallet: Wallet, payee: Wallet, random: Random): Intent {
  const isWithdrawal = random.chance(WITHDRAWS);
  return {
    memo: drawMemo(random),
    device: wallet.device,
    owner: wallet.signer.address,
    kind: isWithdrawal ? OrderKind.withdraw : OrderKind.transfer,
    // Nobody else ever sends anything there, so that the token's own books tell what arrived.
    recipient: isWithdrawal ? toAddress(toHex(random.bytes(20))) : payee.signer.address,
    amount: BigInt(random.between(AMOUNT.least, AMOUNT.most)),
  };
}

function drawMemo(random: Random): Hash {
  return hashFromBytes(random.bytes(32));
}

/** Changes its mind while the payment is on its way: the app is closed, opened again, and told to cancel. */
async function payAndCancel(wallet: Wallet, intent: Intent, book: Book, random: Random): Promise<void> {
  const paying = wallet.pay(intent);
  await Promise.race([paying, delay(random.between(CRASH_AFTER_MS.least, CRASH_AFTER_MS.most))]);
  wallet.crash();
  await paying;
  await wallet.endOpenSlot(cancel(book));
}

/** Does it, and now and then is killed in the middle. */
async function mayCrash<Result>(
  wallet: Wallet,
  random: Random,
  act: () => Promise<Result>,
): Promise<Result | undefined> {
  if (!random.chance(CRASHES)) return act();
  const acting = act();
  const timer = setTimeout(() => wallet.crash(), random.between(CRASH_AFTER_MS.least, CRASH_AFTER_MS.most));
  try {
    return await acting;
  } finally {
    clearTimeout(timer);
  }
}

async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
