import type { AccountView, SponsorOffer, Transport } from '@fastpay/client';
import { domainSeparator } from '@fastpay/protocol';
import { createStore } from 'zustand/vanilla';
import type {
  OnTempo,
  Platform,
  Replaceable,
  SignedTransfer,
  TempoAction,
  TempoPort,
  TransactionOutcome,
} from '../platform/ports.ts';

import { type Problem, problemOf } from './problem.ts';
import { readReplaceable, writeReplaceable } from './replaceable.ts';
import type { Session } from './session.ts';
import {
  advanceRecord,
  isOpen,
  newTempoRecord,
  readRecords,
  type TempoActionType,
  type TempoRecord,
  writeRecords,
} from './tempoRecord.ts';

export interface TempoState {
  /** Newest first. */
  readonly records: readonly TempoRecord[];
  /** Tokens of the owner on Tempo, not in the reserve. */
  readonly tokenBalance: bigint | undefined;
  /** The most that the network can take for each kind of transaction; those looked at so far. */
  readonly fees: Readonly<Partial<Record<TempoActionType, bigint>>>;
  /** What the reserve itself says of the account, in the latest block. */
  readonly onTempo: OnTempo | undefined;
  /** Who pays for the gas of deposits, if anybody does. */
  readonly sponsor: SponsorOffer | undefined;
  readonly refusal: SponsorRefusal | undefined;
  readonly problem: Problem | undefined;
  readonly busy: 'faucet' | TempoActionType | undefined;
  attach(session: TempoSession): void;
  detach(): void;
  /** Reads the token balance and the fee of what is about to be done. */
  look(type: TempoActionType): Promise<void>;
  /** Reads what the reserve says of the account. */
  lookAtReserve(): Promise<void>;
  askFaucet(): Promise<void>;
  /** Signs, stores, sends and follows; resolves once it is in a block, or is refused. */
  act(action: TempoAction): Promise<void>;
  /** The same for a deposit whose gas the sponsor pays; what keeps it from that is told in `refusal`. */
  depositSponsored(amount: bigint, offer: SponsorOffer): Promise<void>;
}

/** What of an open account is needed on Tempo. */
type TempoSession = Pick<Session, 'network' | 'address' | 'signer' | 'devnetUrl'> & {
  readonly transport: Pick<Transport, 'chainHead'>;
};

/** Why the sponsor did not pay for a deposit: no money moved, and its owner can pay. */
export interface SponsorRefusal {
  /** The sponsor's name. */
  readonly sponsor: string;
  readonly problem: Problem;
  /** Base units that were to be deposited. */
  readonly amount: bigint;
}

const FOLLOW_EVERY_MS = 600;

export function createTempo(
  platform: Pick<Platform, 'tempo' | 'small' | 'devnet'>,
  hooks: {
    /** Reads the account afresh; its view says up to which block the ledger holds every deposit. */
    readonly freshView: () => Promise<AccountView | undefined>;
    /** A transaction has reached its last stage. */
    readonly onEnd: (record: TempoRecord) => void;
  },
) {
  let session: TempoSession | undefined;
  /** Signed for a sponsor and not known to be over: the next deposit takes its place, so that one happens at most. */
  let withheld: Replaceable | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const empty = {
    records: [],
    tokenBalance: undefined,
    fees: {},
    onTempo: undefined,
    sponsor: undefined,
    refusal: undefined,
    problem: undefined,
    busy: undefined,
  };
  const placeKeyOf = ({ network, address }: TempoSession) => `place/${domainSeparator(network.domain)}/${address}`;
  /** Kept over a reload, and before anybody else has seen what was signed. */
  const withhold = (current: TempoSession, place: Replaceable | undefined) => {
    withheld = place && { nonce: place.nonce, validBefore: place.validBefore };
    if (withheld) platform.small.set(placeKeyOf(current), writeReplaceable(withheld));
    else platform.small.remove(placeKeyOf(current));
  };
  const keyOf = ({ network, address }: TempoSession) => `tempo/${domainSeparator(network.domain)}/${address}`;

  return createStore<TempoState>()((set, get) => {
    function keep(current: TempoSession, records: readonly TempoRecord[]): void {
      platform.small.set(keyOf(current), writeRecords(records));
      set({ records });
    }

    async function observe(current: TempoSession, tempo: TempoPort): Promise<void> {
      const open = get().records.filter(isOpen);
      if (open.length === 0) return;
      const { latest, finalized } = await current.transport.chainHead();
      const needsLedger = open.some(
        (record) => record.type === 'deposit' && record.height !== undefined && finalized.height >= record.height,
      );
      const view = needsLedger ? await hooks.freshView() : undefined;
      const advanced = await Promise.all(
        open.map(async (record) => {
          const outcome = record.height === undefined ? await lookUp(tempo, record, latest.timestamp) : undefined;
          return advanceRecord(
            record,
            {
              finalizedHeight: finalized.height,
              finalizedTimestamp: finalized.timestamp,
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
      for (const record of advanced) if (!isOpen(record)) hooks.onEnd(record);
      if (get().onTempo && advanced.some((record) => !isOpen(record))) await readReserve(current, tempo);
    }

    /** Follows open transactions until none is left; a fault of the network is shown and tried again. */
    async function follow(current: TempoSession): Promise<void> {
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

    async function attempt(
      current: TempoSession,
      action: (tempo: TempoPort) => Promise<void>,
      tell: (problem: Problem) => void = (problem) => set({ problem }),
    ): Promise<void> {
      set({ problem: undefined, refusal: undefined });
      try {
        await action(await platform.tempo(current.network));
      } catch (error) {
        if (session === current) tell(problemOf(error));
      } finally {
        if (session === current) set({ busy: undefined });
      }
    }

    async function readTokens(current: TempoSession, tempo: TempoPort, type: TempoActionType): Promise<void> {
      const tokenBalance = await tempo.tokenBalance(current.address);
      if (session === current) set({ tokenBalance });
      const fee = await tempo.fee(type);
      const sponsor = type === 'deposit' ? await tempo.sponsor() : get().sponsor;
      if (session === current) set({ fees: { ...get().fees, [type]: fee }, sponsor });
    }

    /** From what is signed to what is in a block. */
    async function carryOut(
      current: TempoSession,
      tempo: TempoPort,
      signed: SignedTransfer,
      subject: Parameters<typeof newTempoRecord>[1],
    ): Promise<void> {
      // Stored before it is sent: whatever happens next, it can be looked up and sent again.
      keep(current, [newTempoRecord(signed, subject, Date.now()), ...get().records]);
      await tempo.send(signed);
      void follow(current);
      // Its nonce is used: what was withheld can never happen any more.
      if (await untilIncluded(tempo, signed.transactionHash)) withhold(current, undefined);
      await readTokens(current, tempo, subject.type);
      if (get().onTempo) await readReserve(current, tempo);
    }

    async function readReserve(current: TempoSession, tempo: TempoPort): Promise<void> {
      const onTempo = await tempo.account(current.address);
      if (session === current) set({ onTempo });
    }

    return {
      ...empty,

      attach(next) {
        get().detach();
        session = next;
        withheld = readReplaceable(platform.small.get(placeKeyOf(next)));
        set({ records: readRecords(platform.small.get(keyOf(next))) });
        void follow(next);
      },

      detach() {
        clearTimeout(timer);
        session = undefined;
        set(empty);
      },

      async look(type) {
        const current = session;
        if (current) await attempt(current, (tempo) => readTokens(current, tempo, type));
      },

      async lookAtReserve() {
        const current = session;
        if (current) await attempt(current, (tempo) => readReserve(current, tempo));
      },

      async askFaucet() {
        const current = session;
        if (!current?.devnetUrl || get().busy) return;
        const devnet = platform.devnet(current.devnetUrl);
        set({ busy: 'faucet' });
        await attempt(current, async (tempo) => {
          const { transactionHash } = await devnet.faucet(current.address);
          await untilIncluded(tempo, transactionHash);
          await readTokens(current, tempo, 'deposit');
        });
      },

      async act(action) {
        const current = session;
        if (!current || get().busy) return;
        const { type } = action;
        set({ busy: type });
        await attempt(current, async (tempo) => {
          const signed = await tempo.sign(
            current.signer,
            action.type === 'deposit' && withheld ? { ...action, inPlaceOf: withheld } : action,
          );
          if (session === current) await carryOut(current, tempo, signed, subjectOf(action));
        });
      },

      async depositSponsored(amount, offer) {
        const current = session;
        if (!current || get().busy) return;
        set({ busy: 'deposit' });
        let isAsked = false;
        await attempt(
          current,
          async (tempo) => {
            const inPlaceOf = withheld ? { inPlaceOf: withheld } : {};
            const deposit = await tempo.signForSponsor(current.signer, { amount, offer, ...inPlaceOf });
            isAsked = true;
            withhold(current, deposit);
            const signed = await tempo.askSponsor(deposit);
            if (session !== current) return;
            await carryOut(current, tempo, signed, { type: 'deposit', amount, sponsor: offer.name });
          },
          (problem) => set(isAsked ? { refusal: { sponsor: offer.name, problem, amount } } : { problem }),
        );
      },
    };
  });
}

function subjectOf(action: TempoAction): Pick<TempoRecord, 'type' | 'amount' | 'recipient' | 'payment'> {
  const { type } = action;
  switch (type) {
    case 'deposit':
    case 'exit':
    case 'release':
      return { type, amount: action.amount };
    case 'transfer':
      return { type, amount: action.amount, recipient: action.recipient };
    case 'settle':
      return { type, amount: 0n, payment: action.payment };
    case 'requestExit':
    case 'cancelExit':
      return { type, amount: 0n };
  }
}

/** The outcome so far; a transaction that no block holds yet is sent once more, for a node may have dropped it. */
async function lookUp(
  tempo: TempoPort,
  record: TempoRecord,
  latestTimestamp: bigint,
): Promise<TransactionOutcome | undefined> {
  const { transactionHash, rawTransaction, validBefore } = record;
  const outcome = await tempo.outcome(transactionHash);
  const sentAtMs = record.reachedAtMs.sent ?? 0;
  const isTooLate = validBefore !== undefined && latestTimestamp >= validBefore;
  if (!outcome && rawTransaction !== undefined && !isTooLate && Date.now() - sentAtMs > RESEND_AFTER_MS) {
    await tempo.send({ transactionHash, rawTransaction });
  }
  return outcome;
}

const RESEND_AFTER_MS = 5_000;
const INCLUSION_POLL_MS = 250;
const INCLUSION_PATIENCE_MS = 30_000;

/** Waits for the receipt so that the balance read next is the new one; without one the follower goes on. */
async function untilIncluded(tempo: TempoPort, transactionHash: TempoRecord['transactionHash']): Promise<boolean> {
  const deadline = performance.now() + INCLUSION_PATIENCE_MS;
  while (performance.now() < deadline) {
    if (await tempo.outcome(transactionHash)) return true;
    await new Promise((resolve) => setTimeout(resolve, INCLUSION_POLL_MS));
  }
  return false;
}
