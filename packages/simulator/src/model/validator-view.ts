import type { AccountId, CommitCertificate, Stage } from '@fastpay/protocol';
import type { BulletinEntry, Deposit, ExitEvent, Validator } from '@fastpay/validator';
import type { BallotBook } from './ballot-book.ts';
import { type AccountRef, createLedger, type Ledger } from './ledger.ts';
import { accountName, brief, SKIP_VALUE, slotName, type Violate } from './types.ts';

/** What the chain has made final so far. */
export interface FinalFacts {
  depositAt(index: bigint): { readonly account: AccountRef; readonly amount: bigint } | undefined;
  /** Whether this exit event is final. */
  isFinalExit(event: ExitEvent): boolean;
}

/**
 * One honest validator held against the model (I1, I5, I6, I12): its log line by line, and its balances against those
 * of a plain ledger that took in the same lines.
 */
export interface ValidatorView {
  readonly ledger: Ledger;
  /**
   * Reads what is new, at once. With `isDurable` everything decided is stored, and accounts are compared too, which may
   * take virtual time to answer but is about this moment.
   */
  check(validator: Validator, options: CheckOptions): Promise<void>;
  /** Since when the validator knows that the owner asks to leave; undefined while it does not. */
  leavingSinceMs(account: AccountRef): number | undefined;
  /** The database was replaced by an older one or none: everything is read anew. */
  forget(): void;
}

export interface CheckOptions {
  readonly isDurable: boolean;
  readonly allAccounts?: boolean;
  /** Changes whenever the validator writes: what it says after that is about another moment. */
  stamp(): number;
}

export interface ViewEvents {
  /** A slot was resolved before the one that comes before it. */
  onOutOfOrder(): void;
  onSettlement(stage: Stage): void;
}

const PAGE = 1_000;
const NONCE = new Uint8Array(16);

export function createValidatorView(
  signer: number,
  book: BallotBook,
  chain: FinalFacts,
  violate: Violate,
  { onOutOfOrder, onSettlement, nowMs }: ViewEvents & { nowMs(): number },
): ValidatorView {
  let ledger = createLedger();
  let cursor = 0n;
  let nextDeposit = 0n;
  let touched = new Map<string, AccountId>();
  let leaving = new Map<string, number>();
  const touch = ({ owner, asset }: AccountRef) => void touched.set(accountName({ owner, asset }), { owner, asset });

  function takeResolution({ slot, round, value, signedOrder }: CommitCertificate): void {
    const what = `validator ${signer}: ${slotName(slot)}`;
    if (!book.isCommitted(slot, round, value)) {
      violate('I12', `${what} holds ${brief(value)} of round ${round}, which no quorum committed to`);
    }
    if ((value === SKIP_VALUE) !== (signedOrder === undefined))
      violate('I12', `${what} holds a value without its order`);
    if (slot.sequence > ledger.next(slot)) onOutOfOrder();
    if (!ledger.resolve(slot, value, signedOrder?.order)) violate('I6', `${what} was resolved twice`);
    touch(slot);
    if (signedOrder?.order.kind === 0) touch({ owner: signedOrder.order.recipient, asset: slot.asset });
  }

  function takeDeposit({ index, account, amount }: Deposit): void {
    const what = `validator ${signer}: deposit ${index}`;
    if (index !== nextDeposit) violate('I6', `${what} came where ${nextDeposit} was due`);
    nextDeposit = index + 1n;
    const final = chain.depositAt(index);
    if (!final) violate('I6', `${what} is not final`);
    else if (final.amount !== amount || accountName(final.account) !== accountName(account)) {
      violate('I6', `${what} is not what the chain holds`);
    }
    ledger.deposit(account, amount);
    touch(account);
  }

  function takeExit(event: ExitEvent): void {
    if (!chain.isFinalExit(event)) violate('I6', `validator ${signer}: an exit event that is not final`);
    if (event.type === 'requested') leaving.set(accountName(event.account), nowMs());
    else leaving.delete(accountName(event.account));
    if (event.type !== 'executed') return;
    ledger.exit(event.account, event.amount);
    touch(event.account);
  }

  function take({ cursor: at, event }: BulletinEntry): void {
    if (at !== cursor + 1n) violate('I5', `validator ${signer}: line ${at} of the log comes after line ${cursor}`);
    cursor = at;
    if (event.type === 'resolved') takeResolution(event.certificate);
    else if (event.type === 'deposited') takeDeposit(event.deposit);
    else if (event.type === 'exit') takeExit(event.exit);
    else if (event.type === 'settlement') onSettlement(event.stage);
  }

  async function compare(validator: Validator, account: AccountId, stamp: () => number): Promise<void> {
    const before = stamp();
    const expected = { balance: ledger.balance(account), next: ledger.next(account) };
    if (validator.mode() === 'observing') return;
    const { signed } = await validator.account(account, NONCE, { nowMs: 0 });
    const { balance, next } = signed.statement;
    if (stamp() !== before) {
      touch(account);
      return;
    }
    if (balance !== expected.balance) {
      violate('I1', `validator ${signer}: ${accountName(account)} has ${balance}, not ${expected.balance}`);
    }
    if (next !== expected.next) {
      violate('I5', `validator ${signer}: ${accountName(account)} is at slot ${next}, not ${expected.next}`);
    }
  }

  return {
    get ledger() {
      return ledger;
    },
    async check(validator, { isDurable, allAccounts = false, stamp }) {
      for (let page = validator.bulletin({ afterCursor: cursor, limit: PAGE }); ; ) {
        for (const entry of page.entries) take(entry);
        if (!page.hasMore) break;
        page = validator.bulletin({ afterCursor: cursor, limit: PAGE });
      }
      if (!isDurable) return;
      const accounts = allAccounts ? ledger.accounts() : [...touched.values()];
      touched = new Map();
      await Promise.all(accounts.map((account) => compare(validator, account, stamp)));
      if (allAccounts && ledger.imbalance() !== 0n)
        violate('I1', `validator ${signer}: money is off by ${ledger.imbalance()}`);
    },
    forget() {
      ledger = createLedger();
      cursor = 0n;
      nextDeposit = 0n;
      touched = new Map();
      leaving = new Map();
    },
    leavingSinceMs: (account) => leaving.get(accountName(account)),
  };
}
