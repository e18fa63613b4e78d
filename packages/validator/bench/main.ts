import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  checkOrder,
  createVerificationContext,
  signCommit,
  signVote,
  verifyCommitCertificate,
  verifyQuorumCertificate,
} from '@fastpay/crypto';
import { createNodeEngine } from '@fastpay/crypto/node';
import { PATH_USD, slotOf, toHash } from '@fastpay/protocol';
import { createMemoryKv, createMemoryMarker, type Kv, type Marker } from '@fastpay/storage';
import { openLmdbKv } from '@fastpay/storage/lmdb';
import { createValidator } from '../src/create-validator.ts';
import { openDiskMarker } from './disk-marker.ts';
import { type Member, makePayment, members, NOW_MS, network, type Payment, payerOf } from './payments.ts';

/**
 * Payments a second of one validator on LMDB: vote, commit and resolve of each, `in flight` at a time, against the
 * signatures alone (the same calls of the crypto package, nothing stored) measured in the same run.
 */
const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '3' },
    directory: { type: 'string', default: tmpdir() },
  },
});
const IN_FLIGHT = [1, 16, 64, 256];
const engine = createNodeEngine();
const own = members[0] as Member;
const surroundings = { nowMs: NOW_MS };

interface Figures {
  readonly perSecond: number;
  /** Microseconds of processor time a payment: of the thread that runs the state machine, and of all threads. */
  readonly mainThreadUs: number;
  readonly allThreadsUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Runs all payments, so many at a time; the milliseconds are those of one payment's three steps together. */
async function drive(
  payments: readonly Payment[],
  inFlight: number,
  pay: (payment: Payment) => Promise<void>,
): Promise<Figures> {
  const latencies: number[] = [];
  let next = 0;
  const started = performance.now();
  const mainThread = process.threadCpuUsage();
  const allThreads = process.cpuUsage();
  const worker = async () => {
    for (let payment = payments[next++]; payment; payment = payments[next++]) {
      const from = performance.now();
      await pay(payment);
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const seconds = (performance.now() - started) / 1_000;
  const usEach = ({ user, system }: NodeJS.CpuUsage) => (user + system) / payments.length;
  const mainThreadUs = usEach(process.threadCpuUsage(mainThread));
  const allThreadsUs = usEach(process.cpuUsage(allThreads));
  latencies.sort((left, right) => left - right);
  const quantile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return {
    perSecond: payments.length / seconds,
    mainThreadUs,
    allThreadsUs,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  };
}

async function cryptoOnly(payments: readonly Payment[]): Promise<Figures> {
  const context = createVerificationContext(network, engine);
  return await drive(payments, 1, async ({ signedOrder, qc, cc }) => {
    const { hash, verifyPayer } = checkOrder(context, signedOrder);
    await verifyPayer();
    const ballot = { slot: slotOf(signedOrder.order), round: 0, value: hash };
    await signVote(context, ballot, 0, own.votingSigner);
    await verifyQuorumCertificate(context, qc);
    await signCommit(context, ballot, 0, own.settlementSigner);
    await verifyCommitCertificate(context, cc);
  });
}

async function onStore(kv: Kv, marker: Marker, payments: readonly Payment[], inFlight: number): Promise<Figures> {
  const validator = createValidator(
    { network, signer: 0 },
    { kv, marker, engine, ...own, newStoreId: () => new Uint8Array(16) },
  );
  const block = { height: 1n, hash: toHash(`0x${'bb'.repeat(32)}`), timestamp: BigInt(NOW_MS / 1_000) };
  const deposits = payments.map((_, index) => {
    const account = { owner: payerOf(index).address, asset: PATH_USD };
    return { index: BigInt(index), account, amount: 10_000_000n, block };
  });
  await validator.applyFinalized(block, { deposits, exits: [] });
  const figures = await drive(payments, inFlight, async ({ signedOrder, qc, cc }) => {
    await validator.vote({ signedOrder, attachments: [] }, surroundings);
    await validator.commit({ certificate: qc, attachments: [] }, surroundings);
    await validator.resolve(cc, surroundings);
  });
  const { slotsResolved } = validator.counters();
  if (slotsResolved !== BigInt(payments.length)) throw new Error(`only ${slotsResolved} payments were resolved`);
  await kv.close();
  return figures;
}

async function onLmdb(payments: readonly Payment[], inFlight: number, isMarked = true): Promise<Figures> {
  const directory = await mkdtemp(join(values.directory, 'fastpay-validator-'));
  try {
    const marker = isMarked ? await openDiskMarker(join(directory, 'marker')) : undefined;
    const kv = await openLmdbKv({ directory: join(directory, 'store') });
    const figures = await onStore(kv, marker ?? createMemoryMarker(), payments, inFlight);
    await marker?.close();
    return figures;
  } finally {
    await rm(directory, { recursive: true });
  }
}

function median(all: readonly Figures[]): Figures {
  const pick = (of: (figures: Figures) => number) =>
    all.map(of).sort((left, right) => left - right)[all.length >>> 1] as number;
  return {
    perSecond: pick((one) => one.perSecond),
    mainThreadUs: pick((one) => one.mainThreadUs),
    allThreadsUs: pick((one) => one.allThreadsUs),
    p50Ms: pick((one) => one.p50Ms),
    p99Ms: pick((one) => one.p99Ms),
  };
}

const count = Number(values.payments);
process.stdout.write(`Node ${process.version}: making ${count} payments …\n`);
const payments = await Promise.all(Array.from({ length: count }, (_, index) => makePayment(index)));
type Run = readonly [name: string, run: () => Promise<Figures>];
const runs: readonly Run[] = [
  ['signatures only', () => cryptoOnly(payments)],
  ['memory, 64 in flight', () => onStore(createMemoryKv(), createMemoryMarker(), payments, 64)],
  ...IN_FLIGHT.flatMap((inFlight): Run[] => [
    [`LMDB, ${inFlight} in flight`, () => onLmdb(payments, inFlight)],
    [`LMDB, ${inFlight}, no marker`, () => onLmdb(payments, inFlight, false)],
  ]),
];
// Once for the compiler, not for the figures.
await cryptoOnly(payments.slice(0, 300));
await onStore(createMemoryKv(), createMemoryMarker(), payments.slice(0, 300), 64);
const results = new Map<string, Figures[]>(runs.map(([name]) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [name, run] of runs) results.get(name)?.push(await run());
}
const ceiling = median(results.get('signatures only') ?? []);
process.stdout.write(
  `median of ${values.rounds} interleaved rounds of ${count} payments; LMDB in ${values.directory}\n`,
);
process.stdout.write(
  '“of ceiling”: payments a second, and payments a second of main-thread time, of those of signatures only\n',
);
const columns = ['payments/s', 'of ceiling', 'main µs', 'of ceiling', 'all µs', 'p50 ms', 'p99 ms'];
process.stdout.write(`${'one validator'.padEnd(22)}${columns.map((name) => name.padStart(11)).join('')}\n`);
for (const [name, all] of results) {
  const { perSecond, mainThreadUs, allThreadsUs, p50Ms, p99Ms } = median(all);
  const cells = [
    perSecond.toFixed(0),
    (perSecond / ceiling.perSecond).toFixed(2),
    mainThreadUs.toFixed(0),
    (ceiling.mainThreadUs / mainThreadUs).toFixed(2),
    allThreadsUs.toFixed(0),
    p50Ms.toFixed(2),
    p99Ms.toFixed(2),
  ];
  process.stdout.write(`${name.padEnd(22)}${cells.map((cell) => cell.padStart(11)).join('')}\n`);
}
