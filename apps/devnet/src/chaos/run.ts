import { createVerificationContext, type VerificationContext } from '@fastpay/crypto';
import { createNodeEngine } from '@fastpay/crypto/node';
import type { Address, CommitCertificate } from '@fastpay/protocol';
import type { Cleanup } from '../cleanup.ts';
import { DevnetError, messageOf } from '../error.ts';
import { VALIDATOR_NAMES } from '../ports.ts';
import type { Progress } from '../screen/progress.ts';
import { type Book, createBook } from './load/book.ts';
import { keepDepositing } from './load/deposits.ts';
import { createLeaver } from './load/leaver.ts';
import { liveAsOwner } from './load/owner.ts';
import { benefactor, createPeople, type People } from './load/people.ts';
import { type ChaosNetwork, startChaosNetwork } from './network/network.ts';
import type { ChaosOptions } from './options.ts';
import type { ValidatorFindings, WalletFindings } from './outside/findings.ts';
import { judge } from './outside/judge.ts';
import { ownersIn, untilQuiet } from './outside/quiet.ts';
import { createChainReader } from './outside/read-chain.ts';
import { createValidatorReader } from './outside/read-validator.ts';
import { readWallet } from './outside/read-wallet.ts';
import { breakAndHeal } from './plan/break.ts';
import { describe } from './plan/fault.ts';
import { kindsOfRound, wavesOf } from './plan/plan.ts';
import { createRandom } from './random.ts';

/** What a run did and found. */
export interface Outcome {
  readonly book: Book;
  /** How often each kind of fault was injected. */
  readonly injected: ReadonlyMap<string, number>;
  /** Kinds that the run was too short for. */
  readonly notInjected: readonly string[];
  readonly certificates: number;
  readonly settled: number;
  readonly exits: number;
  readonly endedByDisk: number;
  readonly killsInLoops: number;
  /** One sentence each; empty when every promise was kept. */
  readonly violations: readonly string[];
  readonly processIds: ReadonlySet<number>;
}

/** Long enough that no fault of a run keeps a quorum away from the chain for a quarter of it (§5 rule 1). */
const EXIT_DELAY_SECONDS = 60n;
/** When the leaver asks, as a share of the run. */
const LEAVES_AFTER = 0.2;
const LEAVE_TIMEOUT_MS = 120_000;
const FINISH_TIMEOUT_MS = 120_000;
const QUIET_TIMEOUT_MS = 180_000;

/**
 * Breaks a network while wallets pay, heals it, waits until nothing moves, and judges it from outside.
 * @throws DevnetError, TempoError or RejectError when it does not come up.
 */
export async function runChaos(
  options: ChaosOptions & { readonly directory: string; readonly repositoryRoot: string },
  { progress, cleanup }: { readonly progress: Progress; readonly cleanup: Cleanup },
): Promise<Outcome> {
  const random = createRandom(options.seed);
  const violations: string[] = [];
  const chaos = await startChaosNetwork(
    { ...options, exitDelaySeconds: EXIT_DELAY_SECONDS },
    { progress, cleanup, random: random.stream('kills') },
  );
  const asset = assetOf(chaos);
  const book = createBook();
  const people = await progress.step('Owners have money', () =>
    createPeople(chaos, asset, {
      random: random.stream('keys'),
      book,
      onFailure: (device, error) => violations.push(`${device} failed: ${describeError(error)}`),
    }),
  );

  const injected = await progress.step(`Faults and payments for ${options.seconds} s`, () =>
    breakUnderLoad(options, { chaos, people, book, asset, progress, cleanup }),
  );

  const context = createVerificationContext(chaos.network, createNodeEngine());
  const chain = createChainReader({ rpcUrl: chaos.nodeUrl, network: chaos.network, asset });
  const readers = chaos.validatorUrls.map((url, index) =>
    createValidatorReader({ name: VALIDATOR_NAMES[index] ?? '', url }, context),
  );
  /** What does not come to its end is a finding like any other: the rest is read all the same. */
  async function attempt<Result>(name: string, act: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await progress.step(name, act);
    } catch (error) {
      cleanup.check();
      violations.push(`“${name}” failed: ${describeError(error)}`);
      return undefined;
    }
  }
  await attempt('Everything is whole again', () => chaos.heal());
  await attempt('The leaver has left', async () => {
    const leaver = leaverOf(chaos, people, asset);
    const gaveUp = AbortSignal.timeout(LEAVE_TIMEOUT_MS);
    // In a short run it may not have got through before.
    await leaver.request(gaveUp);
    await leaver.leave(gaveUp);
  });
  await attempt('Every payment has ended', () => finishPayments(people, AbortSignal.timeout(FINISH_TIMEOUT_MS)));
  await attempt('Everything is settled and everyone knows', () =>
    untilQuiet({ validators: readers, chain }, { timeoutMs: QUIET_TIMEOUT_MS }),
  );
  const findings = await attempt('Read from outside', () =>
    readEverything({ chaos, people, asset, context, readers, chain }),
  );
  violations.push(...chaos.crashes, ...(findings ? judge(findings, book) : []));
  const kinds = kindsOfRound(random.stream('kinds'), VALIDATOR_NAMES.length);
  return {
    book,
    injected,
    notInjected: [...new Set(kinds)].filter((kind) => !injected.has(kind)),
    certificates: findings?.validators[0]?.certificates.length ?? 0,
    settled: findings?.chain.settled.length ?? 0,
    exits: findings?.chain.exits.length ?? 0,
    endedByDisk: chaos.endedByDisk,
    killsInLoops: chaos.killsInLoops,
    violations,
    processIds: chaos.processIds,
  };
}

interface Stage {
  readonly chaos: ChaosNetwork;
  readonly people: People;
  readonly asset: Address;
}

/** Faults one after the other, and payments, deposits and an exit meanwhile; all of it over when it resolves. */
async function breakUnderLoad(
  { seconds, seed }: ChaosOptions,
  dependencies: Stage & { readonly book: Book; readonly progress: Progress; readonly cleanup: Cleanup },
): Promise<ReadonlyMap<string, number>> {
  const { chaos, people, asset, book, progress, cleanup } = dependencies;
  const random = createRandom(seed);
  const stop = new AbortController();
  await cleanup.add(() => stop.abort());
  const load = [
    ...people.wallets.map((wallet) =>
      liveAsOwner(
        {
          wallet,
          others: people.owners.filter(({ signer }) => signer.address !== wallet.signer.address),
          hasDeposits: people.rich.some(({ signer }) => signer.address === wallet.signer.address),
          asset,
          random: random.stream(wallet.device),
        },
        book,
        stop.signal,
      ),
    ),
    keepDepositing(
      {
        rpcUrl: chaos.nodeUrl,
        network: chaos.network,
        asset,
        signer: benefactor(),
        owners: people.rich.map(({ signer }) => signer.address),
        random: random.stream('deposits'),
      },
      book,
      stop.signal,
    ),
  ];
  const asking = new Promise<void>((resolve) => setTimeout(resolve, seconds * LEAVES_AFTER * 1_000)).then(() =>
    leaverOf(chaos, people, asset).request(stop.signal),
  );
  const running = Promise.all([...load, asking]);
  // A load that fails must not wait for the faults to be over before anybody hears of it.
  running.catch(() => stop.abort());
  const injected = await breakAndHeal(
    wavesOf(random.stream('faults'), VALIDATOR_NAMES.length),
    { seconds, signal: stop.signal },
    {
      network: chaos,
      onFault: (fault, atSeconds) =>
        progress.note(`${atSeconds.toFixed(1).padStart(6)} s  ${describe(fault, VALIDATOR_NAMES)}`),
    },
  );
  stop.abort();
  await running;
  return injected;
}

function leaverOf({ network, nodeUrl: rpcUrl }: ChaosNetwork, people: People, asset: Address) {
  return createLeaver({ rpcUrl, network, asset, signer: people.leaver.signer });
}

/** Every device ends what it has open, and learns what its owner's other devices did. */
async function finishPayments({ wallets }: People, signal: AbortSignal): Promise<void> {
  await Promise.all(
    wallets.map(async (wallet) => {
      // Twice: taking in the log may bring an order of another device, which is then this one's to end as well.
      for (let round = 0; round < 2; round++) {
        await wallet.sync();
        await wallet.finishAll(signal);
      }
    }),
  );
}

async function readEverything(
  dependencies: Stage & {
    readonly context: VerificationContext;
    readonly readers: readonly ReturnType<typeof createValidatorReader>[];
    readonly chain: ReturnType<typeof createChainReader>;
  },
) {
  const { chaos, people, asset, context, readers, chain } = dependencies;
  const certificates: CommitCertificate[] = [];
  for (const reader of readers) certificates.push(...(await reader.certificates()));
  const { deposits } = await chain.history();
  const settlers = chaos.network.committee.members.map(({ settlementAddress }) => settlementAddress);
  const owners = [...new Set([...ownersIn(deposits, certificates), ...settlers])];
  const wallets: WalletFindings[] = [];
  for (const wallet of people.wallets) wallets.push(await readWallet(wallet, asset, context));
  const validators: ValidatorFindings[] = [];
  for (const reader of readers) validators.push(await reader.findings(owners, asset));
  return { asset, validators, wallets, chain: await chain.findings(owners, certificates) };
}

function assetOf({ network }: ChaosNetwork): Address {
  const [asset] = network.assets;
  if (!asset) throw new DevnetError('The network has no asset.');
  return asset.address;
}

function describeError(error: unknown): string {
  // What was foreseen says enough by itself.
  if (error instanceof DevnetError || !(error instanceof Error)) return messageOf(error);
  return error.stack ?? messageOf(error);
}
