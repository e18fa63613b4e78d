import { verifyPayerSignature } from '@fastpay/crypto';
import { createNodeEngine } from '@fastpay/crypto/node';
import {
  type Address,
  batchAttestationDigest,
  bytesOf,
  type Committee,
  commitDigest,
  type Domain,
  domainSeparator,
  type Hash,
  isTip20Address,
  isVirtualAddress,
  type OrderKind,
  quorumStake,
  type SignerSignature,
  SKIP,
  toAmount,
  toHex,
  toSequence,
  transactionHash,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@fastpay/protocol';
import type { Outcome } from '../../reserve-events.ts';
import { packedEpochCommittee } from '../../settle-batch.ts';
import { type ReadBatch, type ReadEntry, readBatch, readSignatures } from './read-batch.fixtures.ts';

/**
 * The reserve a second time: from the protocol's words (section 6), with sets and maps instead of packed words, and
 * with the off-chain verifiers in the place of precompiles. It judges the very bytes that the contract gets.
 */
export interface Model {
  readonly accounts: (asset: Address, owner: Address) => Readonly<ModelAccount>;
  readonly owed: Sums;
  /** Tokens on Tempo itself, the reserve's own included. */
  readonly tokens: Sums;
  depositCount(): bigint;
  epoch(): bigint;
  committee(): Committee;
  /** False: it reverts. So are the answers of all that follow. */
  deposit(call: { caller: Address; asset: Address; account: Address; amount: bigint }): boolean;
  requestExit(asset: Address, owner: Address, now: bigint): boolean;
  cancelExit(asset: Address, owner: Address): boolean;
  exit(asset: Address, owner: Address, now: bigint): boolean;
  release(asset: Address, recipient: Address): boolean;
  /** @param present Whose signatures those are said to be. @param isSigned Whether a quorum of it signed. */
  rotate(call: { next: Committee; isWellFormed: boolean; present: Committee; isSigned: boolean; now: bigint }): boolean;
  /** Undefined: it reverts. */
  settle(call: SettleCall): Promise<readonly Verdict[] | undefined>;
  /** Whether certificates of this committee settle at that time. */
  settles(committee: Committee, now: bigint): boolean;
  /** First slot of the account that is not used. */
  firstUnused(asset: Address, owner: Address): bigint;
  pause(asset: Address, isPaused: boolean): void;
  block(asset: Address, account: Address, isBlocked: boolean): void;
  isBlocked(asset: Address, account: Address): boolean;
  /** Whether the token moves nothing from or to the account now. */
  refuses(asset: Address, account: Address): boolean;
  /** A plain transfer to the reserve. */
  giveAway(asset: Address, giver: Address, amount: bigint): boolean;
  /** What balances were made of nothing, as only the fuzzer can, less what was given away to the reserve. */
  unbacked(asset: Address): bigint;
  grant(asset: Address, owner: Address, balance: bigint): void;
}

export interface ModelAccount {
  balance: bigint;
  used: Set<bigint>;
  /** 0 unless an exit stands requested. */
  exitReadyAt: bigint;
}

export interface SettleCall {
  readonly batch: Uint8Array;
  /** Absent: each entry carries its commits. */
  readonly attestation?: Uint8Array;
  readonly caller: Address;
  readonly now: bigint;
  /** What the contract said, when gas was short: only from this the model learns how far it got. */
  readonly observed?: readonly Outcome[];
}

export interface Verdict {
  readonly outcome: Outcome;
  readonly account: Address;
  readonly sequence: bigint;
  readonly value: Hash;
  /** Of an order that was read. */
  readonly entry?: ReadEntry;
}

export interface Sums {
  get(asset: Address, account: Address): bigint;
  add(asset: Address, account: Address, amount: bigint): void;
  total(asset: Address): bigint;
}

const MAX_U64 = (1n << 64n) - 1n;
const MAX_U128 = (1n << 128n) - 1n;
const SKIP_KIND = 255;

export function createSums(): Sums {
  const sums = new Map<string, bigint>();
  const get = (asset: Address, account: Address) => sums.get(`${asset}${account}`) ?? 0n;
  return {
    get,
    add: (asset, account, amount) => void sums.set(`${asset}${account}`, get(asset, account) + amount),
    total: (asset) => [...sums].reduce((sum, [key, amount]) => (key.startsWith(asset) ? sum + amount : sum), 0n),
  };
}

export interface ModelOptions {
  readonly domain: Domain;
  readonly committee: Committee;
  readonly exitDelaySeconds: bigint;
  /** The tokens that there are. */
  readonly assets: readonly Address[];
}

export function createModel({ domain, committee: first, exitDelaySeconds, assets }: ModelOptions): Model {
  const { reserve } = domain;
  const separator = domainSeparator(domain);
  const engine = createNodeEngine();
  const accounts = new Map<string, ModelAccount>();
  const [owed, tokens, granted] = [createSums(), createSums(), createSums()];
  const paused = new Set<Address>();
  const blocked = new Set<string>();
  const terms = new Map<string, { readonly committee: Committee; settlesUntil: bigint }>();
  let deposits = 0n;
  let present = first;
  const keyOf = (committee: Committee) => toHex(packedEpochCommittee(committee));
  terms.set(keyOf(first), { committee: first, settlesUntil: MAX_U64 });

  function at(asset: Address, owner: Address): ModelAccount {
    const known = accounts.get(`${asset}${owner}`);
    if (known) return known;
    const account = { balance: 0n, used: new Set<bigint>(), exitReadyAt: 0n };
    accounts.set(`${asset}${owner}`, account);
    return account;
  }

  function firstUnused(asset: Address, owner: Address): bigint {
    const { used } = at(asset, owner);
    let sequence = 0n;
    while (used.has(sequence)) sequence += 1n;
    return sequence;
  }

  const refuses = (asset: Address, account: Address) =>
    paused.has(asset) || blocked.has(`${asset}${account}`) || blocked.has(`${asset}${reserve}`);

  const canSend = (asset: Address, recipient: Address, amount: bigint) =>
    !refuses(asset, recipient) && tokens.get(asset, reserve) >= amount;

  function payOut(asset: Address, recipient: Address, amount: bigint): void {
    if (!canSend(asset, recipient, amount)) owed.add(asset, recipient, amount);
    else move(asset, reserve, recipient, amount);
  }

  function move(asset: Address, from: Address, to: Address, amount: bigint): void {
    tokens.add(asset, from, -amount);
    tokens.add(asset, to, amount);
  }

  const isAccount = (account: Address) =>
    account !== ZERO_ADDRESS && account !== reserve && !isTip20Address(account) && !isVirtualAddress(account);

  function valueIn(entry: ReadEntry, asset: Address): Hash {
    if (entry.kind === SKIP_KIND) return SKIP;
    const order = {
      ...entry,
      kind: entry.kind as OrderKind,
      asset,
      amount: toAmount(entry.amount),
      fee: toAmount(entry.fee),
      sequence: toSequence(entry.sequence),
    };
    return transactionHash(order, separator);
  }

  /** Stake of the signers; undefined unless each signed, in ascending order. */
  function stakeBehind(digest: Hash, signatures: readonly SignerSignature[], committee: Committee): bigint | undefined {
    let stake = 0n;
    for (const [index, { signer, signature }] of signatures.entries()) {
      const member = committee.members[signer];
      if (!member || signatures.slice(0, index).some((earlier) => earlier.signer >= signer)) return undefined;
      if (engine.secp256k1Recover(bytesOf(digest), signature) !== member.settlementAddress) return undefined;
      stake += member.stake;
    }
    return stake;
  }

  function isAttested(read: ReadBatch, committee: Committee, attestation: Uint8Array): boolean {
    const signatures = readSignatures(attestation);
    // Nobody attests to what is no entry.
    if (!signatures || read.entries.includes(undefined)) return false;
    const { asset } = read;
    const listed = read.entries.flatMap((entry) =>
      entry ? [{ account: entry.sender, asset, sequence: entry.sequence, value: valueIn(entry, asset) }] : [],
    );
    // Nobody attests to nothing.
    if (listed.length === 0) return false;
    const digest = batchAttestationDigest({ separator, epoch: read.epoch }, listed);
    const stake = stakeBehind(digest, signatures, committee);
    return stake !== undefined && stake >= quorumStake(committee);
  }

  /** What is wrong with the commits of an entry, if anything is. */
  function commitProblem(entry: ReadEntry, value: Hash, read: ReadBatch, committee: Committee): Outcome | undefined {
    const slot = { owner: entry.sender, asset: read.asset, sequence: toSequence(entry.sequence) };
    const digest = commitDigest({ separator, epoch: read.epoch }, { slot, round: entry.round, value });
    const stake = stakeBehind(digest, entry.commits, committee);
    if (stake === undefined) return 'INVALID_COMMIT';
    return stake < quorumStake(committee) ? 'NO_QUORUM' : undefined;
  }

  async function apply(entry: ReadEntry, value: Hash, asset: Address): Promise<Outcome> {
    const { kind, sender, recipient, sequence, amount, fee } = entry;
    const payer = at(asset, sender);
    if (payer.used.has(sequence)) return 'ALREADY_SETTLED';
    if (sequence > firstUnused(asset, sender)) return 'OUT_OF_ORDER';
    if (sequence === MAX_U64) return 'INVALID_ORDER';
    if (kind !== SKIP_KIND) {
      const cost = amount + fee;
      const isOrder = (kind === 0 || kind === 1) && amount > 0n && cost <= MAX_U64 && sender !== ZERO_ADDRESS;
      if (!isOrder || !isAccount(recipient) || (kind === 0 && recipient === sender)) return 'INVALID_ORDER';
      if (payer.balance < cost) return 'INSUFFICIENT_BALANCE';
      if (!(await verifyPayerSignature(engine, value, entry.payerSignature, sender))) return 'INVALID_PAYER_SIGNATURE';
      if (kind === 0) {
        const credited = at(asset, recipient);
        if (credited.balance + amount > MAX_U128) return 'BALANCE_TOO_LARGE';
        credited.balance += amount;
      }
      payer.balance -= cost;
    }
    payer.used.add(sequence);
    return 'SETTLED';
  }

  return {
    accounts: at,
    owed,
    tokens,
    depositCount: () => deposits,
    epoch: () => present.epoch,
    committee: () => present,
    firstUnused,
    refuses,
    isBlocked: (asset, account) => blocked.has(`${asset}${account}`),
    giveAway(asset, giver, amount) {
      if (refuses(asset, giver)) return false;
      move(asset, giver, reserve, amount);
      granted.add(asset, reserve, -amount);
      return true;
    },
    settles: (committee, now) => (terms.get(keyOf(committee))?.settlesUntil ?? -1n) >= now,
    pause: (asset, isPaused) => void (isPaused ? paused.add(asset) : paused.delete(asset)),
    block: (asset, account, isBlocked) =>
      void (isBlocked ? blocked.add(`${asset}${account}`) : blocked.delete(`${asset}${account}`)),
    unbacked: granted.total,
    grant(asset, owner, balance) {
      at(asset, owner).balance += balance;
      granted.add(asset, owner, balance);
    },

    deposit({ caller, asset, account, amount }) {
      if (!assets.includes(asset) || !isAccount(account) || amount === 0n) return false;
      if (refuses(asset, caller) || tokens.get(asset, caller) < amount) return false;
      const credited = at(asset, account);
      if (credited.balance + amount > MAX_U128) return false;
      move(asset, caller, reserve, amount);
      credited.balance += amount;
      deposits += 1n;
      return true;
    },

    requestExit(asset, owner, now) {
      const account = at(asset, owner);
      if (account.exitReadyAt !== 0n) return false;
      account.exitReadyAt = now + exitDelaySeconds;
      return true;
    },

    cancelExit(asset, owner) {
      const account = at(asset, owner);
      if (account.exitReadyAt === 0n) return false;
      account.exitReadyAt = 0n;
      return true;
    },

    exit(asset, owner, now) {
      const account = at(asset, owner);
      if (account.exitReadyAt === 0n || now < account.exitReadyAt) return false;
      account.exitReadyAt = 0n;
      const amount = account.balance;
      account.balance = 0n;
      payOut(asset, owner, amount);
      return true;
    },

    release(asset, recipient) {
      const amount = owed.get(asset, recipient);
      if (amount === 0n || !canSend(asset, recipient, amount)) return false;
      owed.add(asset, recipient, -amount);
      move(asset, reserve, recipient, amount);
      return true;
    },

    rotate({ next, isWellFormed, present: named, isSigned, now }) {
      if (keyOf(named) !== keyOf(present) || next.epoch !== present.epoch + 1n || !isWellFormed || !isSigned)
        return false;
      terms.set(keyOf(present), { committee: present, settlesUntil: now + exitDelaySeconds });
      terms.set(keyOf(next), { committee: next, settlesUntil: MAX_U64 });
      present = next;
      return true;
    },

    async settle({ batch, attestation, caller, now, observed }) {
      const read = readBatch(batch, attestation !== undefined);
      const term = read && terms.get(read.committee);
      if (!read || !term || term.settlesUntil < now) return undefined;
      const { asset } = read;
      if (attestation && !isAttested(read, term.committee, attestation)) return undefined;
      const verdicts: Verdict[] = [];
      let fees = 0n;
      let isStopped = false;
      for (const [index, entry] of read.entries.entries()) {
        if (!entry) {
          verdicts.push({ outcome: 'MALFORMED', account: ZERO_ADDRESS, sequence: 0n, value: ZERO_HASH });
          continue;
        }
        const value = valueIn(entry, asset);
        const named = { account: entry.sender, sequence: entry.sequence, value, entry };
        // Once gas was too low for one entry, no later one is begun.
        isStopped ||= observed?.[index] === 'NOT_REACHED';
        const problem = attestation ? undefined : commitProblem(entry, value, read, term.committee);
        const isUnchecked = isStopped && (problem === undefined || observed?.[index] === 'NOT_REACHED');
        const outcome = isUnchecked ? 'NOT_REACHED' : (problem ?? (await apply(entry, value, asset)));
        verdicts.push({ outcome, ...named });
        if (outcome === 'SETTLED' && entry.kind !== SKIP_KIND) fees += entry.fee;
      }
      if (fees > 0n) owed.add(asset, caller, fees);
      // Tokens move when all else is done.
      for (const { outcome, entry } of verdicts) {
        if (outcome === 'SETTLED' && entry?.kind === 1) payOut(asset, entry.recipient, entry.amount);
      }
      return verdicts;
    },
  };
}
