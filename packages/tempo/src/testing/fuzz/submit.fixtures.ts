import type { PayerSigner } from '@fastpay/crypto';
import { type Hash, type Hex, OrderKind, type Slot, toHex, toSequence } from '@fastpay/protocol';
import { decodeReserveEvents, type Outcome } from '../../reserve-events.ts';
import { settleCalldata } from '../../settle-calldata.ts';
import type { TempoCall } from '../../transaction.ts';
import { ENOUGH_GAS, type Mined } from './mined-chain.fixtures.ts';
import type { Verdict } from './model.fixtures.ts';
import { entryCountIn, type ReadEntry, readBatch } from './read-batch.fixtures.ts';
import { Violation } from './violation.fixtures.ts';
import type { World } from './world.fixtures.ts';

/** One transaction, and everything that must be so after it. */

export interface Submission {
  readonly batch: Uint8Array;
  readonly attestation?: Uint8Array;
  readonly signer: PayerSigner;
  /** When it is short: the batch may stop anywhere between entries, but not fail. */
  readonly gas?: bigint;
}

/** Sends any calls, asks the model, and compares. @returns Whether they succeeded. */
export async function submitCalls(
  world: World,
  signer: PayerSigner,
  calls: readonly TempoCall[],
  judge: (now: bigint) => boolean,
): Promise<boolean> {
  const mined = await world.chain.send(signer, calls);
  expectSame('success', mined.succeeded, judge(mined.timestamp));
  await expectState(world, mined, signer, new Map());
  return mined.succeeded;
}

/** @returns What became of each entry; undefined when the batch reverted. */
export async function submitBatch(world: World, submission: Submission): Promise<readonly Verdict[] | undefined> {
  const { batch, attestation, signer, gas } = submission;
  const { chain, model, reserve, statistics } = world;
  const mined = await chain.send(signer, [{ to: reserve, data: settleCalldata(batch, attestation) }], gas);
  if (mined.succeeded && isTooLong(batch, gas) && decodeReserveEvents(mined.logs, reserve).length === 0) {
    statistics.count('batches stopped before they were read');
    await expectState(world, mined, signer, new Map());
    return [];
  }
  const count = readBatch(batch, attestation !== undefined)?.entries.length ?? 0;
  const reported = reportedBy(mined, world, count);
  // With no event at all not even the first entry was begun.
  const said = reported?.map(({ outcome }) => outcome) ?? Array.from({ length: count }, (): Outcome => 'NOT_REACHED');
  const verdicts = await model.settle({
    ...{ batch, caller: signer.address, now: mined.timestamp },
    ...(attestation && { attestation }),
    ...(gas !== undefined && mined.succeeded && { observed: said }),
  });
  expectSame('success', mined.succeeded, verdicts !== undefined);
  if (!verdicts) {
    statistics.count('reverted batches');
  } else if (!reported) {
    if (gas === undefined) throw new Violation('the batch was not begun, although there was gas');
    statistics.count('batches stopped before the first entry');
  } else {
    expectSame('number of outcomes', reported.length, verdicts.length);
    for (const [index, each] of reported.entries())
      expectSame(`entry ${index}`, describe(each), describe(verdicts[index]));
    if (said.includes('NOT_REACHED')) statistics.count('batches stopped by gas');
  }
  const orders = new Map<Hash, ReadEntry>();
  for (const { value, entry } of verdicts ?? []) if (entry) orders.set(value, entry);
  expectGenuine(world, verdicts ?? [], assetOf(batch));
  await expectState(world, mined, signer, orders);
  return verdicts;
}

/** Gas that the contract wants for the list of an entry, before it so much as looks at one. */
const GAS_LIST = 3_000n;

/** Whether a batch says that it has more entries than there is gas for: garbage may say so. */
function isTooLong(batch: Uint8Array, gas = ENOUGH_GAS): boolean {
  return BigInt(entryCountIn(batch) ?? 0) * GAS_LIST > gas;
}

type Reported = Pick<Verdict, 'outcome' | 'account' | 'sequence' | 'value'>;

function reportedBy(mined: Mined, { reserve }: World, count: number): readonly Reported[] | undefined {
  if (!mined.succeeded) return undefined;
  let isReported = count === 0;
  const records = decodeReserveEvents(mined.logs, reserve).flatMap((event): readonly Reported[] => {
    if (event.type !== 'settled' && event.type !== 'passedOver') return [];
    isReported = true;
    const { account, sequence, value } = event;
    return [{ outcome: event.type === 'settled' ? 'SETTLED' : event.reason, account: account.owner, sequence, value }];
  });
  return isReported ? records : undefined;
}

const describe = (record: Reported | undefined) =>
  record && `${record.outcome} ${record.account} ${record.sequence} ${record.value}`;

const assetOf = (batch: Uint8Array) => toHex(batch.slice(0, 20));

/** I12: what settled is what the honest committee certified for that slot, whoever handed it in. */
function expectGenuine(world: World, verdicts: readonly Verdict[], assetHex: Hex): void {
  const { ledger, statistics, tokens } = world;
  const asset = tokens.find(({ address }) => address === assetHex)?.address ?? tokens[0].address;
  const settled: Slot[] = [];
  for (const { outcome, account, sequence, value, entry } of verdicts) {
    statistics.count(`outcome ${outcome}`);
    if (outcome !== 'SETTLED') continue;
    const slot = { owner: account, asset, sequence: toSequence(sequence) };
    if (ledger.valueOf(slot) !== value)
      throw new Violation(`I12: slot ${sequence} of ${account} was settled by a forgery`);
    settled.push(slot);
    const payer = [...world.users, world.whale].find(({ address }) => address === account);
    statistics.count(entry?.kind === 255 ? 'settled skips' : `settled orders of ${payer?.kind} payers`);
    if (entry?.kind === OrderKind.withdraw) {
      const isRefused = world.model.refuses(asset, entry.recipient);
      statistics.count(isRefused ? 'withdrawals that the token refused' : 'withdrawals paid out');
    }
  }
  ledger.settle(settled);
}

async function expectState(
  { reserve, book, watch, model }: World,
  mined: Mined,
  signer: PayerSigner,
  orders: ReadonlyMap<Hash, ReadEntry>,
): Promise<void> {
  if (mined.succeeded) book.follow(decodeReserveEvents(mined.logs, reserve), signer.address, orders);
  await watch.expectSame(model, book);
}

export function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Violation(`${what}: the contract says ${actual}, the model ${expected}`);
}
