import {
  type AccountId,
  type Address,
  accountKey,
  assertValidOrder,
  type CommitCertificate,
  type Committee,
  MAX_U64,
  OrderKind,
  orderCost,
  quorumStake,
  RejectError,
  SKIP,
  stakeOfDistinct,
} from '@fastpay/protocol';
import type { Outcome } from '../reserve-events.ts';
import type { SettlementBatch } from '../reserve-writer.ts';
import { NO_ACCOUNT, type ReserveAccount } from './reserve-accounts.ts';
import type { UndoLog } from './undo-log.ts';

/** The reserve's rules (§6) over maps. Every change goes through an undo log, so that blocks can be abandoned. */

/** Why signatures of a certificate are wrong; undefined when they are right or nobody looked. */
export type SignatureVerdict = 'INVALID_ORDER' | 'INVALID_PAYER_SIGNATURE' | 'INVALID_COMMIT' | undefined;

/** A batch with what was found out about its signatures. */
export interface CheckedBatch extends SettlementBatch {
  /** By entry. */
  readonly verdicts: readonly SignatureVerdict[];
  readonly isAttestationValid: boolean;
}

export interface ReserveEvents {
  settled(account: AccountId, sequence: bigint, value: CommitCertificate['value']): void;
  deposited(index: bigint, account: AccountId, amount: bigint): void;
  exit(
    account: AccountId,
    change: { type: 'requested'; readyAt: bigint } | { type: 'cancelled' } | { type: 'executed'; amount: bigint },
  ): void;
}

/** The calls of the transaction failed: nothing of it happened. */
export class RevertError extends Error {
  override readonly name = 'RevertError';
}

export interface ReserveTerms {
  readonly reserve: Address;
  readonly committee: Committee;
  readonly exitDelaySeconds: bigint;
}

export type ReserveRules = ReturnType<typeof createReserveRules>;

export function createReserveRules({ reserve, committee, exitDelaySeconds }: ReserveTerms, log: UndoLog) {
  const accounts = new Map<string, ReserveAccount>();
  /** Unix seconds from which the owner may exit; 0 while no exit stands requested. */
  const exits = new Map<string, bigint>();
  /** Fees of settlers, and what a token refused to send, by recipient and asset. */
  const owed = new Map<string, bigint>();
  /** Tokens outside of the reserve, and the reserve's own under its address. */
  const tokens = new Map<string, bigint>();
  /** Tokens out of nothing; of no block, and so never taken back. */
  const minted = new Map<string, bigint>();
  const counters = new Map<'deposits', bigint>();
  /** Recipients to whom tokens refuse to go; `asset` alone means everyone. */
  const refusing = new Set<string>();
  const quorum = quorumStake(committee);

  const account = (id: AccountId) => accounts.get(accountKey(id)) ?? NO_ACCOUNT;
  const put = (id: AccountId, changed: ReserveAccount) => log.set(accounts, accountKey(id), changed);
  const amountIn = (map: ReadonlyMap<string, bigint>, id: AccountId) => map.get(accountKey(id)) ?? 0n;
  const add = (map: Map<string, bigint>, id: AccountId, amount: bigint) =>
    log.set(map, accountKey(id), amountIn(map, id) + amount);
  const tokensOf = (id: AccountId) => amountIn(tokens, id) + amountIn(minted, id);

  function move(asset: Address, from: Address, to: Address, amount: bigint): void {
    if (tokensOf({ owner: from, asset }) < amount) throw new RevertError('the token balance is too low');
    add(tokens, { owner: from, asset }, -amount);
    add(tokens, { owner: to, asset }, amount);
  }

  const isRefused = (asset: Address, owner: Address) =>
    refusing.has(asset) || refusing.has(accountKey({ owner, asset }));

  /** Money that has left the ledger leaves the reserve, or waits in `owed`. */
  function send(asset: Address, recipient: Address, amount: bigint): void {
    if (amount === 0n) return;
    if (isRefused(asset, recipient)) add(owed, { owner: recipient, asset }, amount);
    else move(asset, reserve, recipient, amount);
  }

  function outcomeOf(certificate: CommitCertificate, batch: CheckedBatch, index: number): Outcome {
    const { slot, value, signedOrder } = certificate;
    const verdict = batch.verdicts[index];
    if (batch.attestation === undefined) {
      const stake = stakeOfDistinct(
        committee,
        certificate.signatures.map(({ signer }) => signer),
      );
      if (stake === undefined || verdict === 'INVALID_COMMIT') return 'INVALID_COMMIT';
      if (stake < quorum) return 'NO_QUORUM';
    }
    const payer = account(slot);
    if (slot.sequence < payer.next) return 'ALREADY_SETTLED';
    if (slot.sequence > payer.next) return 'OUT_OF_ORDER';
    if (slot.sequence === MAX_U64) return 'INVALID_ORDER';
    if (value !== SKIP) {
      if (!signedOrder || verdict === 'INVALID_ORDER' || !isAllowed(signedOrder.order, reserve)) return 'INVALID_ORDER';
      if (payer.balance < orderCost(signedOrder.order)) return 'INSUFFICIENT_BALANCE';
      if (verdict === 'INVALID_PAYER_SIGNATURE') return verdict;
    }
    return 'SETTLED';
  }

  function settleOne(certificate: CommitCertificate, events: ReserveEvents): bigint {
    const { slot, value, signedOrder } = certificate;
    const payer = account(slot);
    const order = value === SKIP ? undefined : signedOrder?.order;
    put(slot, { next: payer.next + 1n, balance: payer.balance - (order ? orderCost(order) : 0n) });
    if (order?.kind === OrderKind.transfer) credit({ owner: order.recipient, asset: slot.asset }, order.amount);
    events.settled({ owner: slot.owner, asset: slot.asset }, slot.sequence, value);
    if (order?.kind === OrderKind.withdraw) send(slot.asset, order.recipient, order.amount);
    return order?.fee ?? 0n;
  }

  function credit(id: AccountId, amount: bigint): void {
    const credited = account(id);
    put(id, { ...credited, balance: credited.balance + amount });
  }

  return {
    account,
    owed: (id: AccountId) => amountIn(owed, id),
    tokens: tokensOf,
    exitReadyAt: (id: AccountId) => exits.get(accountKey(id)) ?? 0n,
    depositCount: () => counters.get('deposits') ?? 0n,
    /** Σ balances + Σ owed of the asset: what the reserve must hold of it. */
    liabilities(asset: Address): bigint {
      let sum = 0n;
      for (const [key, { balance }] of accounts) if (key.endsWith(asset)) sum += balance;
      for (const [key, amount] of owed) if (key.endsWith(asset)) sum += amount;
      return sum;
    },
    mint: (id: AccountId, amount: bigint) => void minted.set(accountKey(id), amountIn(minted, id) + amount),
    /** From now on `asset` refuses to go to `recipient`, or to anyone. */
    refuse: (asset: Address, recipient?: Address) =>
      void refusing.add(recipient === undefined ? asset : accountKey({ owner: recipient, asset })),
    accept: (asset: Address, recipient?: Address) =>
      void refusing.delete(recipient === undefined ? asset : accountKey({ owner: recipient, asset })),

    deposit(from: Address, id: AccountId, amount: bigint, events: ReserveEvents): void {
      if (amount <= 0n || amount > MAX_U64) throw new RevertError('nothing arrived');
      move(id.asset, from, reserve, amount);
      credit(id, amount);
      const index = counters.get('deposits') ?? 0n;
      log.set(counters, 'deposits', index + 1n);
      events.deposited(index, id, amount);
    },

    settle(batch: CheckedBatch, settler: Address, events: ReserveEvents): readonly Outcome[] {
      const asset = batch.certificates[0]?.slot.asset;
      if (asset === undefined) return [];
      if (batch.certificates.some(({ slot, epoch }) => slot.asset !== asset || epoch !== committee.epoch)) {
        throw new RevertError('the batch is not of one asset and of this epoch');
      }
      if (batch.attestation !== undefined && !isAttested(batch, committee, quorum)) {
        throw new RevertError('the attestation is not that of a quorum');
      }
      let fees = 0n;
      const outcomes = batch.certificates.map((certificate, index) => {
        const outcome = outcomeOf(certificate, batch, index);
        if (outcome === 'SETTLED') fees += settleOne(certificate, events);
        return outcome;
      });
      if (fees > 0n) add(owed, { owner: settler, asset }, fees);
      return outcomes;
    },

    /** Sends what the recipient is owed. */
    release({ asset, owner }: AccountId): void {
      const amount = amountIn(owed, { asset, owner });
      if (amount === 0n) throw new RevertError('nothing is owed');
      if (isRefused(asset, owner)) throw new RevertError('the token refuses');
      log.set(owed, accountKey({ asset, owner }), 0n);
      move(asset, reserve, owner, amount);
    },

    requestExit(id: AccountId, nowSeconds: bigint, events: ReserveEvents): void {
      if ((exits.get(accountKey(id)) ?? 0n) !== 0n) throw new RevertError('an exit stands requested already');
      const readyAt = nowSeconds + exitDelaySeconds;
      log.set(exits, accountKey(id), readyAt);
      events.exit(id, { type: 'requested', readyAt });
    },

    cancelExit(id: AccountId, events: ReserveEvents): void {
      if ((exits.get(accountKey(id)) ?? 0n) === 0n) throw new RevertError('no exit stands requested');
      log.set(exits, accountKey(id), 0n);
      events.exit(id, { type: 'cancelled' });
    },

    exit(id: AccountId, nowSeconds: bigint, events: ReserveEvents): void {
      const readyAt = exits.get(accountKey(id)) ?? 0n;
      if (readyAt === 0n || nowSeconds < readyAt) throw new RevertError('the exit is not ready');
      const { balance, ...window } = account(id);
      log.set(exits, accountKey(id), 0n);
      put(id, { ...window, balance: 0n });
      events.exit(id, { type: 'executed', amount: balance });
      send(id.asset, id.owner, balance);
    },

    holds: (asset: Address) => tokensOf({ owner: reserve, asset }),
  };
}

function isAttested(batch: CheckedBatch, committee: Committee, quorum: bigint): boolean {
  const signers = batch.attestation?.map(({ signer }) => signer) ?? [];
  return batch.isAttestationValid && (stakeOfDistinct(committee, signers) ?? 0n) >= quorum;
}

function isAllowed(order: Parameters<typeof assertValidOrder>[0], reserve: Address): boolean {
  try {
    assertValidOrder(order, reserve);
    return true;
  } catch (error) {
    if (error instanceof RejectError) return false;
    throw error;
  }
}
