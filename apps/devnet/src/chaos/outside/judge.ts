import {
  type Address,
  accountKey,
  type BalanceOverlay,
  type CommitCertificate,
  type Hash,
  OrderKind,
  SKIP,
  slotKey,
} from '@fastpay/protocol';
import type { Book } from '../load/book.ts';
import type { Findings, WalletFindings } from './findings.ts';
import { ledgerOf, oneEach } from './ledger.ts';

type Orders = Pick<Book, 'intents' | 'endings'>;

/** What is wrong, one sentence each; empty when nothing was lost and nothing happened twice. */
export function judge(findings: Findings, book: Orders): readonly string[] {
  const everything = [...findings.validators, ...findings.wallets].flatMap(({ certificates }) => certificates);
  const conflicts = conflictsIn(everything);
  // Sums over a forked ledger would only hide what happened.
  if (conflicts.length > 0) return conflicts;
  const bySlot = oneEach(everything);
  return [
    ...logProblems(findings, bySlot),
    ...paymentProblems(findings, book, [...bySlot.values()]),
    ...findings.wallets.flatMap((wallet) => walletProblems(wallet, bySlot)),
    ...moneyProblems(findings, [...bySlot.values()]),
    ...alarmProblems(findings),
  ];
}

function conflictsIn(certificates: readonly CommitCertificate[]): readonly string[] {
  const values = new Map<string, Set<Hash>>();
  for (const { slot, value } of certificates) {
    const key = slotKey(slot);
    values.set(key, (values.get(key) ?? new Set()).add(value));
  }
  return [...values].flatMap(([slot, { size }]) => (size > 1 ? [`slot ${slot} has ${size} certified values`] : []));
}

/** Every validator holds everything, each once, every account's slots without gaps. */
function logProblems({ validators }: Findings, bySlot: ReadonlyMap<string, CommitCertificate>): readonly string[] {
  return validators.flatMap(({ name, certificates }) => {
    const slots = certificates.map(({ slot }) => slotKey(slot));
    const known = new Set(slots);
    const missing = [...bySlot.keys()].filter((key) => !known.has(key));
    const next = new Map<string, bigint>();
    const gaps: string[] = [];
    for (const { slot } of certificates.toSorted((a, b) => Number(a.slot.sequence - b.slot.sequence))) {
      const account = accountKey(slot);
      if (slot.sequence !== (next.get(account) ?? 0n)) gaps.push(`${name} has a gap below slot ${slotKey(slot)}`);
      next.set(account, slot.sequence + 1n);
    }
    return [
      ...(slots.length > known.size ? [`${name} lists ${slots.length - known.size} slots twice`] : []),
      ...missing.map((key) => `${name} does not have slot ${key}`),
      ...gaps,
    ];
  });
}

/** Each intent at most once; what a wallet called paid or not paid is so, in the certificates and on chain. */
function paymentProblems(
  { chain, asset }: Findings,
  { intents, endings }: Orders,
  certificates: readonly CommitCertificate[],
): readonly string[] {
  const problems: string[] = [];
  const settled = countOf(chain.settled.filter((value) => value !== SKIP));
  const orders = certificates.flatMap(({ value, signedOrder }) => (signedOrder ? [{ value, ...signedOrder }] : []));
  const certified = new Set(orders.map(({ value }) => value));
  for (const [memo, count] of countOf(orders.map(({ order }) => order.memo))) {
    if (count > 1) problems.push(`the intent with memo ${memo} was paid ${count} times`);
    if (!intents.has(memo)) problems.push(`a payment with memo ${memo} was made that nobody asked for`);
  }
  for (const { value, order } of orders) {
    const intent = intents.get(order.memo);
    const isAsked =
      !intent ||
      (order.sender === intent.owner &&
        order.recipient === intent.recipient &&
        order.amount === intent.amount &&
        order.kind === intent.kind &&
        order.asset === asset);
    if (!isAsked) problems.push(`payment ${value} is not what its owner asked for`);
    const times = settled.get(value) ?? 0;
    if (times !== 1) problems.push(`payment ${value} is on chain ${times} times`);
  }
  for (const [value] of settled) {
    if (!certified.has(value)) problems.push(`${value} was settled and nobody has its certificate`);
  }
  for (const { device, transactionHash, end } of endings) {
    const isPaid = certified.has(transactionHash);
    if (end === 'paid' && !isPaid) problems.push(`${device} saw ${transactionHash} paid, and it is in no log`);
    if (end === 'skipped' && isPaid) problems.push(`${device} saw ${transactionHash} end unpaid, and it was paid`);
  }
  return problems;
}

function walletProblems(
  { device, open, paid, skipped, unfinished, certificates }: WalletFindings,
  bySlot: ReadonlyMap<string, CommitCertificate>,
): readonly string[] {
  const certified = new Set([...bySlot.values()].map(({ value }) => value));
  return [
    ...(open ? [`${device} has payment ${open} still open`] : []),
    ...unfinished.map((hash) => `${device} lists payment ${hash} as unfinished`),
    ...paid.filter((hash) => !certified.has(hash)).map((hash) => `${device} lists ${hash} as paid, and it is not`),
    ...skipped
      .filter((hash) => certified.has(hash))
      .map((hash) => `${device} lists ${hash} as skipped, and it is paid`),
    ...certificates.filter(({ slot }) => !bySlot.has(slotKey(slot))).map(({ slot }) => `${slotKey(slot)} is unknown`),
  ];
}

/** Certificates, statements and contract agree to the last unit, and nothing was made or lost. */
function moneyProblems({ chain, validators, asset }: Findings, certificates: readonly CommitCertificate[]): string[] {
  const problems: string[] = [];
  const { balances, deposited, fees, withdrawn, exited } = ledgerOf({ ...chain, certificates });
  const sum = [...balances.values()].reduce((total, balance) => total + balance, 0n);
  if (deposited !== sum + fees + withdrawn + exited) {
    problems.push(`${deposited} was deposited, ${sum + fees + withdrawn + exited} is accounted for`);
  }
  for (const [owner, { balance }] of chain.accounts) {
    const expected = balances.get(accountKey({ owner, asset })) ?? 0n;
    if (expected < 0n) problems.push(`${owner} has ${expected}, below zero`);
    if (balance !== expected) problems.push(`${owner} has ${balance} in the contract, ${expected} by certificates`);
    for (const { name, statements } of validators) {
      if ('refusal' in statements) continue;
      const said = statements.get(owner);
      if (!said) {
        problems.push(`${name} makes no statement about ${owner}`);
        continue;
      }
      if (said.balance !== expected) problems.push(`${name} says ${owner} has ${said.balance}, not ${expected}`);
      problems.push(...overlayProblems(`${name} says of ${owner} that`, said.overlay, balance));
    }
  }
  for (const key of balances.keys()) {
    const isRead = [...chain.accounts.keys()].some((owner) => accountKey({ owner, asset }) === key);
    if (!isRead) problems.push(`account ${key} was not read from the contract`);
  }
  problems.push(...withdrawalProblems(chain, certificates));
  const owed = [...chain.accounts.values()].reduce((total, account) => total + account.balance + account.owed, 0n);
  // Nobody sends it tokens by plain transfer here: a token that it owes to nobody was taken from somebody.
  if (chain.reserveTokens !== owed) problems.push(`the reserve has ${chain.reserveTokens} tokens and owes ${owed}`);
  const indices = chain.deposits.map(({ index }) => index);
  for (const { name, deposits } of validators) {
    if (deposits.join() !== indices.join())
      problems.push(`${name} took in deposits ${deposits}, the chain has ${indices}`);
  }
  return problems;
}

/** Once everything is final, the chain has it all. */
function overlayProblems(says: string, overlay: BalanceOverlay, balance: bigint): readonly string[] {
  const { onChain, unsettledIn, unsettledOut } = overlay;
  const isOpen = unsettledIn !== 0n || unsettledOut !== 0n;
  return [
    ...(onChain === balance ? [] : [`${says} ${onChain} is on the chain, not ${balance}`]),
    ...(isOpen ? [`${says} ${unsettledIn} in and ${unsettledOut} out are not settled`] : []),
  ];
}

function withdrawalProblems(
  { tokens, accounts }: Findings['chain'],
  certificates: readonly CommitCertificate[],
): readonly string[] {
  const expected = new Map<Address, bigint>();
  for (const { signedOrder } of certificates) {
    if (signedOrder?.order.kind !== OrderKind.withdraw) continue;
    const { recipient, amount } = signedOrder.order;
    expected.set(recipient, (expected.get(recipient) ?? 0n) + amount);
  }
  return [...expected].flatMap(([recipient, amount]) => {
    const arrived = (tokens.get(recipient) ?? 0n) + (accounts.get(recipient)?.owed ?? 0n);
    return arrived === amount ? [] : [`${amount} was withdrawn to ${recipient}, ${arrived} arrived`];
  });
}

function alarmProblems({ validators }: Findings): readonly string[] {
  return validators.flatMap(({ name, evidence, alarms, statements }) => [
    ...('refusal' in statements ? [`${name} makes no statements: ${statements.refusal}`] : []),
    ...(evidence > 0 ? [`${name} keeps ${evidence} proofs that a validator broke the protocol`] : []),
    ...[...alarms].flatMap(([metric, value]) => (value === 0 ? [] : [`${name}: ${metric} is ${value}`])),
  ]);
}

function countOf<Value>(values: readonly Value[]): ReadonlyMap<Value, number> {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
