import type { AccountView } from '@fastpay/client';
import { domainSeparator } from '@fastpay/protocol';
import { createStore } from 'zustand/vanilla';
import type { Platform, TempoPort, TransactionOutcome } from '../platform/ports.ts';
import { advanceDeposit, type DepositRecord, newDeposit, readDeposits, writeDeposits } from './depositRecord.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.ts';

export interface DepositState {
  readonly records: readonly DepositRecord[];
  /** Tokens of the owner on Tempo, not yet in the reserve. */
  readonly tokenBalance: bigint | undefined;
  readonly networkFee: bigint | undefined;
  readonly problem: Problem | undefined;
  readonly busy: 'faucet' | 'deposit' | undefined;
  attach(session: Session): void;
  detach(): void;
  /** Reads the token balance and the fee. */
  look(): Promise<void>;
  askFaucet(): Promise<void>;
  deposit(amount: bigint): Promise<void>;
}

const FOLLOW_EVERY_MS = 600;

export function createDeposit(
  platform: Platform,
  hooks: {
    /** Reads the account afresh; its view says up to which block the ledger holds every deposit. */
    readonly freshView: () => Promise<AccountView | undefined>;
    readonly onCredited: (record: DepositRecord) => void;
  },
) {
  let session: Session | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const empty = { records: [], tokenBalance: undefined, networkFee: undefined, problem: undefined, busy: undefined };
  const keyOf = ({ network, address }: Session) => `deposits/${domainSeparator(network.domain)}/${address}`;
  const isOpen = (record: DepositRecord) => !record.failed && record.stage !== 'credited';

  return createStore<DepositState>()((set, get) => {
    function keep(current: Session, records: readonly DepositRecord[]): void {
      platform.small.set(keyOf(current), writeDeposits(records));
      set({ records });
    }

    async function observe(current: Session, tempo: TempoPort): Promise<void> {
      const open = get().records.filter(isOpen);
      if (open.length === 0) return;
      const { finalized } = await current.transport.chainHead();
      const needsLedger = open.some((record) => record.height !== undefined && finalized.height >= record.height);
      const view = needsLedger ? await hooks.freshView() : undefined;
      const advanced = await Promise.all(
        open.map(async (record) => {
          const outcome = record.height === undefined ? await lookUp(tempo, record) : undefined;
          return advanceDeposit(
            record,
            {
              finalizedHeight: finalized.height,
              ...(outcome ? { outcome } : {}),
              ...(view ? { ledgerHeight: view.finalizedHeight } : {}),
            },
            Date.now(),
          );
        }),
      );
      if (session !== current) return;
      const byHash = new Map(advanced.map((record) => [record.transactionHash, record]));
      keep(
        current,
        get().records.map((record) => byHash.get(record.transactionHash) ?? record),
      );
      for (const record of advanced) if (record.stage === 'credited') hooks.onCredited(record);
    }

    /** Follows open deposits until none is left; a fault of the network is shown and tried again. */
    async function follow(current: Session): Promise<void> {
      clearTimeout(timer);
      if (session !== current || !get().records.some(isOpen)) return;
      try {
        await observe(current, await platform.tempo(current.network));
        if (session === current) set({ problem: undefined });
      } catch (error) {
        if (session === current) set({ problem: problemOf(error) });
      }
      if (session === current) timer = setTimeout(() => void follow(current), FOLLOW_EVERY_MS);
    }

    async function attempt(current: Session, action: (tempo: TempoPort) => Promise<void>): Promise<void> {
      set({ problem: undefined });
      try {
        await action(await platform.tempo(current.network));
      } catch (error) {
        if (session === current) set({ problem: problemOf(error) });
      } finally {
        if (session === current) set({ busy: undefined });
      }
    }

    async function readTokens(current: Session, tempo: TempoPort): Promise<void> {
      const tokenBalance = await tempo.tokenBalance(current.address);
      if (session === current) set({ tokenBalance });
      const networkFee = await tempo.depositFee(current.address);
      if (session === current) set({ networkFee });
    }

    return {
      ...empty,

      attach(next) {
        get().detach();
        session = next;
        set({ records: readDeposits(platform.small.get(keyOf(next))) });
        void follow(next);
      },

      detach() {
        clearTimeout(timer);
        session = undefined;
        set(empty);
      },

      async look() {
        const current = session;
        if (current) await attempt(current, (tempo) => readTokens(current, tempo));
      },

      async askFaucet() {
        const current = session;
        if (!current?.devnetUrl || get().busy) return;
        const devnet = platform.devnet(current.devnetUrl);
        set({ busy: 'faucet' });
        await attempt(current, async (tempo) => {
          const { transactionHash } = await devnet.faucet(current.address);
          await untilIncluded(tempo, transactionHash);
          await readTokens(current, tempo);
        });
      },

      async deposit(amount) {
        const current = session;
        if (!current || get().busy) return;
        set({ busy: 'deposit' });
        await attempt(current, async (tempo) => {
          const signed = await tempo.signDeposit(current.signer, amount);
          if (session !== current) return;
          // Stored before it is sent: whatever happens next, it can be looked up and sent again.
          keep(current, [newDeposit(signed, amount, Date.now()), ...get().records]);
          await tempo.send(signed);
          void follow(current);
          await untilIncluded(tempo, signed.transactionHash);
          await readTokens(current, tempo);
        });
      },
    };
  });
}

/** The outcome so far; a transaction that no block holds yet is sent once more, for a node may have dropped it. */
async function lookUp(tempo: TempoPort, record: DepositRecord): Promise<TransactionOutcome | undefined> {
  const { transactionHash, rawTransaction } = record;
  const outcome = await tempo.outcome(transactionHash);
  const sentAtMs = record.reachedAtMs.sent ?? 0;
  if (!outcome && rawTransaction !== undefined && Date.now() - sentAtMs > RESEND_AFTER_MS) {
    await tempo.send({ transactionHash, rawTransaction });
  }
  return outcome;
}

const RESEND_AFTER_MS = 5_000;
const INCLUSION_POLL_MS = 250;
const INCLUSION_PATIENCE_MS = 30_000;

/** Waits for the receipt so that the balance read next is the new one; gives up quietly, the follower goes on. */
async function untilIncluded(tempo: TempoPort, transactionHash: DepositRecord['transactionHash']): Promise<void> {
  const deadline = performance.now() + INCLUSION_PATIENCE_MS;
  while (performance.now() < deadline) {
    if (await tempo.outcome(transactionHash)) return;
    await new Promise((resolve) => setTimeout(resolve, INCLUSION_POLL_MS));
  }
}
