import {
  type AccountId,
  accountKey,
  type CommitCertificate,
  type Committee,
  limits,
  type SignerSignature,
  slotKey,
  toSequence,
} from '@fastpay/protocol';
import {
  type ChainBlock,
  type ChainHead,
  entryBytes,
  type Funds,
  type Outcome,
  type ReserveWriter,
  tempoLimits,
} from '@fastpay/tempo';
import type { OutboxItem, Validator } from '@fastpay/validator';
import type { Log } from '../observe/log.ts';
import { firstBatches } from './batch.ts';
import type { FeeCollector } from './collect-fees.ts';
import { createExitReader, type Exits } from './exits.ts';
import { createInFlight, type FlyingBatch } from './in-flight.ts';
import { settlerLimits } from './limits.ts';
import { isFault, type SettlerMetrics } from './metrics.ts';
import { itemKey, orderForSettlement } from './order.ts';
import { createPassedOver } from './passed-over.ts';
import { createScan } from './scan.ts';
import { settlesNow } from './turn.ts';
import { isWorthSettling } from './worth.ts';

export interface SettlerOptions {
  /** Index of this validator in the committee. */
  readonly signer: number;
  readonly committee: Committee;
  readonly exitDelaySeconds: bigint;
  /** Nobody else settles on this chain: it is always this validator's turn. Else the committee takes turns. */
  readonly isAlone?: boolean;
}

export interface SettlerDependencies {
  readonly validator: Pick<Validator, 'outbox' | 'exitingAccounts'>;
  readonly writer: ReserveWriter;
  /** The chain as the watcher sees it; undefined while it is not to be relied on. */
  readonly head: () => ChainHead | undefined;
  /** Signatures of a quorum over the batch; undefined when there are too few. */
  readonly attest: (certificates: readonly CommitCertificate[]) => Promise<readonly SignerSignature[] | undefined>;
  readonly fees: FeeCollector;
  readonly metrics: SettlerMetrics;
  readonly log: Log;
  readonly unixMs: () => number;
}

export interface Settler {
  /** One look at what is to be settled, and what follows from it. @throws TempoError when the node is in the way. */
  look(): Promise<void>;
}

/** Room for the envelope around the calldata of a batch. */
const ENVELOPE_BYTES = 2_048;
const bounds = { entries: limits.batchEntries, bytes: tempoLimits.transactionBytes - ENVELOPE_BYTES };

/**
 * Settles what is resolved (§6): in order, in batches, in this validator's turn, until blocks show it. What was sent is
 * remembered in memory only: after a restart a batch may be sent twice, and the second is passed over.
 */
export function createSettler(
  { signer, committee, exitDelaySeconds, isAlone = false }: SettlerOptions,
  { validator, writer, head, attest, fees, metrics, log, unixMs }: SettlerDependencies,
): Settler {
  const readExits = createExitReader(validator);
  const scan = createScan(validator);
  const inFlight = createInFlight();
  const passedOver = createPassedOver();
  const unaccounted = new Map<
    FlyingBatch['transactionHash'],
    FlyingBatch & { readonly fees: ReadonlyMap<string, bigint> }
  >();
  const alarmed = new Set<string>();
  let isHolding = false;
  let scannedAtMs = 0;
  let fundsReadAtMs = 0;

  async function look(): Promise<void> {
    const latest = freshHead();
    const members = isAlone ? 1 : committee.members.length;
    const isTurn = latest !== undefined && settlesNow(latest.timestamp, { signer, members });
    const exits = latest && readExits({ timestamp: latest.timestamp, exitDelaySeconds });
    if (exits) raiseAlarms(exits);
    if (latest) await account(latest.timestamp);
    const now = unixMs();
    // An empty purse has to show before anything waits for it.
    if (latest && now - fundsReadAtMs >= settlerLimits.idleFundsMs) await readFunds();
    // Reading the outbox costs more than everything else here: out of turn it only feeds the metrics.
    if (!isTurn && now - scannedAtMs < settlerLimits.idleScanMs) return;
    scannedAtMs = now;
    const queued = scan();
    noteQueue(queued);
    if (!latest || !exits) return;
    const keys = new Set(queued.map(itemKey));
    passedOver.keepOnly(keys);
    for (const { transactionHash } of inFlight.settleUp(keys, latest.timestamp)) {
      log.warn({ transactionHash }, 'a settlement was not included in its time; its payments are sent again');
    }
    metrics.inFlight.set(inFlight.batches.length);
    if (!isTurn) return;
    await settle(queued, exits);
    await fees.look(latest.timestamp);
  }

  /** The latest block, unless the node stands still or is not to be relied on. */
  function freshHead(): ChainBlock | undefined {
    const latest = head()?.latest;
    if (!latest || unixMs() - Number(latest.timestamp) * 1_000 > settlerLimits.staleHeadMs) return undefined;
    return latest;
  }

  function noteQueue(queued: readonly OutboxItem[]): void {
    const payments = queued.filter(({ certificate }) => certificate.signedOrder !== undefined);
    const oldestMs = payments.reduce((oldest, { resolvedAtMs }) => Math.min(oldest, resolvedAtMs), unixMs());
    metrics.queued.set(payments.length);
    metrics.oldestSeconds.set((unixMs() - oldestMs) / 1_000);
  }

  /** Once for each account and request: the gauge goes on saying so. */
  function raiseAlarms({ atRisk }: Exits): void {
    metrics.exitsAtRisk.set(atRisk.length);
    for (const { account: id, readyAt, unsettled } of atRisk) {
      const key = `${id.owner}/${id.asset}/${readyAt}`;
      if (alarmed.has(key)) continue;
      alarmed.add(key);
      log.error({ ...id, readyAt: readyAt?.toString(), unsettled }, 'an account can exit soon with payments unsettled');
    }
    if (atRisk.length === 0) alarmed.clear();
  }

  /** What batches that are in a block have cost and earned. */
  async function account(timestamp: bigint): Promise<void> {
    for (const [hash, batch] of unaccounted) {
      const outcome = await writer.outcome(hash);
      if (!outcome) {
        if (batch.validBefore > timestamp) continue;
        metrics.results.inc({ result: 'expired' });
      } else {
        metrics.results.inc({ result: outcome.succeeded ? 'included' : 'failed' });
        metrics.spent.inc(Number(outcome.cost));
        metrics.settled.inc(outcome.settled.length);
        metrics.earned.inc(Number(sumOf(outcome.settled, batch.fees)));
        if (!outcome.succeeded) log.warn({ transactionHash: hash }, 'a settlement is in a block but did nothing');
      }
      unaccounted.delete(hash);
    }
  }

  async function settle(queued: readonly OutboxItem[], { isUrgent }: Exits): Promise<void> {
    const now = unixMs();
    // The reserve takes an account's slots one after the other: behind one that is on its way it is nobody's turn.
    const underWay = new Set(
      queued.filter((item) => inFlight.has(itemKey(item))).map(({ certificate }) => accountKey(certificate.slot)),
    );
    const ready = queued.filter(
      (item) => !underWay.has(accountKey(item.certificate.slot)) && !passedOver.isWaiting(itemKey(item), now),
    );
    if (ready.every(({ certificate }) => certificate.signedOrder === undefined)) return;
    const ordered = orderForSettlement(ready, isUrgent);
    const batches = firstBatches(ordered, bounds, ({ certificate }) => entryBytes(certificate, committee, 'attested'));
    const funds = await readFunds();
    for (const { items } of batches) {
      if (inFlight.batches.length >= settlerLimits.batchesInFlight) return;
      const taken = await settleable(items);
      if (taken.length === 0) continue;
      const isWorth = isWorthSettling(taken, funds, { nowMs: now, isUrgent });
      noteHolding(!isWorth, funds.gasPrice);
      if (isWorth) await send(taken);
    }
  }

  async function readFunds(): Promise<Funds> {
    const funds = await writer.funds();
    metrics.balance.set(Number(funds.balance));
    fundsReadAtMs = unixMs();
    return funds;
  }

  function noteHolding(holds: boolean, gasPrice: bigint): void {
    if (holds === isHolding) return;
    isHolding = holds;
    if (holds) log.warn({ gasPrice: gasPrice.toString() }, 'gas costs more than payments pay; waiting for a while');
    else log.info({ gasPrice: gasPrice.toString() }, 'gas is worth its price again');
  }

  /** What the reserve would take now. The rest waits: for what funds it, or because somebody else settled it. */
  async function settleable(items: readonly OutboxItem[]): Promise<readonly OutboxItem[]> {
    const outcomes = await writer.preview({ certificates: items.map(({ certificate }) => certificate) });
    const now = unixMs();
    return items.filter((item, index) => {
      const outcome: Outcome = outcomes[index] ?? 'NOT_REACHED';
      if (outcome === 'SETTLED') return true;
      if (outcome === 'NOT_REACHED') return false;
      passedOver.note(itemKey(item), now);
      // Somebody else was faster, and the watcher has not told yet.
      if (outcome === 'ALREADY_SETTLED') return false;
      metrics.passedOver.inc({ reason: outcome });
      if (isFault(outcome)) log.error({ outcome, slot: itemKey(item) }, 'a certificate cannot be settled');
      return false;
    });
  }

  async function send(items: readonly OutboxItem[]): Promise<void> {
    const certificates = items.map(({ certificate }) => certificate);
    const attestation = items.length < settlerLimits.attestedEntries ? undefined : await attest(certificates);
    const form = attestation ? 'attested' : 'committed';
    const fitting = attestation ? items : thatFitCommitted(items);
    const { transactionHash, validBefore } = await writer.submit({
      type: 'settle',
      certificates: fitting.map(({ certificate }) => certificate),
      ...(attestation ? { attestation } : {}),
    });
    const keys = new Set(fitting.map(itemKey));
    const feesBySlot = new Map(fitting.map((item) => [itemKey(item), item.certificate.signedOrder?.order.fee ?? 0n]));
    inFlight.add({ transactionHash, validBefore, keys });
    unaccounted.set(transactionHash, { transactionHash, validBefore, keys, fees: feesBySlot });
    metrics.batches.inc({ form });
    metrics.inFlight.set(inFlight.batches.length);
    log.info({ transactionHash, entries: fitting.length, form }, 'settlement sent');
  }

  /** Without an attestation each entry is larger. */
  function thatFitCommitted(items: readonly OutboxItem[]): readonly OutboxItem[] {
    const size = ({ certificate }: OutboxItem) => entryBytes(certificate, committee, 'committed');
    return firstBatches(items, bounds, size)[0]?.items ?? [];
  }

  return {
    async look() {
      try {
        await look();
      } catch (error) {
        metrics.failures.inc();
        throw error;
      }
    },
  };
}

function sumOf(
  settled: readonly { readonly account: AccountId; readonly sequence: bigint }[],
  fees: ReadonlyMap<string, bigint>,
): bigint {
  return settled.reduce(
    (sum, { account, sequence }) => sum + (fees.get(slotKey({ ...account, sequence: toSequence(sequence) })) ?? 0n),
    0n,
  );
}
