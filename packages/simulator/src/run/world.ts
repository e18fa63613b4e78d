import {
  domainSeparator,
  type Hash,
  hashFromBytes,
  keccak256,
  type Network,
  newRoundDigest,
  PATH_USD,
  proposeDigest,
  toAddress,
  utf8,
} from '@fastpay/protocol';
import { type Attacker, createAttacker } from '../actors/attacker/attacker.ts';
import { createByzantineRelay } from '../actors/byzantine-relay.ts';
import { type ByzantineValidator, createByzantineValidator } from '../actors/byzantine-validator.ts';
import { createRunChain, type RunChain } from '../actors/chain.ts';
import { createExitDriver, type ExitDriver } from '../actors/exit-driver.ts';
import { createHonestRelay } from '../actors/honest-relay.ts';
import { createHonestValidator, type HonestValidator } from '../actors/honest-validator.ts';
import type { RelayNode } from '../actors/relay-node.ts';
import { createValidatorCalls } from '../actors/validator-calls.ts';
import { createWallet, type Wallet } from '../actors/wallet.ts';
import { createRealKeyRing, createSimulatedKeyRing, type KeyRing } from '../keys/key-ring.ts';
import { createModel, type Model } from '../model/model.ts';
import type { Invariant } from '../model/types.ts';
import type { ValidatorView } from '../model/validator-view.ts';
import { createMessageFates, type MessageFates } from '../network/faults.ts';
import { createNetwork, type Network as Wire } from '../network/network.ts';
import type { Plan } from '../plan/plan.ts';
import { randomOf } from '../random/random.ts';
import { createFaultyKv } from '../store/faulty-kv.ts';
import { createFaultyRows } from '../store/faulty-rows.ts';
import { createScheduler, type Scheduler } from '../time/scheduler.ts';
import { createTrace, type Trace } from '../time/trace.ts';
import type { Fault, Situation } from './coverage.ts';
import { createTally, type Tally } from './tally.ts';

export interface Violation {
  readonly invariant: Invariant;
  readonly what: string;
  /** Virtual milliseconds from the start, and the number of the event. */
  readonly atMs: number;
  readonly step: number;
}

export interface WorldOptions {
  /** Leaves out faults of messages, by name. */
  isAllowed(fault: string): boolean;
  readonly keptTraceLines: number;
}

/** Everybody in one run. */
export interface World {
  readonly plan: Plan;
  readonly network: Network;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  readonly wire: Wire;
  readonly fates: MessageFates;
  readonly model: Model;
  readonly chain: RunChain;
  readonly drivers: ReadonlyMap<number, ExitDriver>;
  readonly honest: readonly HonestValidator[];
  readonly byzantine: readonly ByzantineValidator[];
  /** The honest one first. */
  readonly relays: readonly RelayNode[];
  /** Ids of exits that have not come to an end. */
  readonly openExits: Set<string>;
  /** What follows once a payment with this memo may have its certificate. */
  readonly whenPaid: Map<Hash, () => void>;
  /** Ids of attacks that go on. */
  readonly openAttacks: Set<string>;
  readonly wallets: ReadonlyMap<string, Wallet>;
  readonly attackers: readonly Attacker[];
  readonly faults: Tally<Fault>;
  readonly situations: Tally<Situation>;
  readonly violations: readonly Violation[];
  addressOf(owner: string): ReturnType<KeyRing['secp256k1']>['address'];
  /** Whether the faults are over. */
  isCalm(): boolean;
  endFaults(): void;
  violate(invariant: Invariant, what: string): void;
  broken(where: string, error: unknown): void;
}

/** Long enough for every turn of seven drivers, and for settling in the last quarter. */
const EXIT_DELAY_SECONDS = 600n;

/** From how many payments on a chain of unsettled spends is deep, and from how many certificates on a closure long. */
const DEEP_CHAIN = 10;
const LONG_CLOSURE = 10;

const NAMES = ['Dave', 'Edgar', 'Frank', 'Grace', 'Heidi', 'Ivan', 'Judy'];

export function createWorld(plan: Plan, { isAllowed, keptTraceLines }: WorldOptions): World {
  const keys = plan.crypto === 'real' ? createRealKeyRing() : createSimulatedKeyRing();
  const trace = createTrace({ keptLines: keptTraceLines });
  const scheduler = createScheduler(trace);
  const startMs = scheduler.nowMs();
  const faults = createTally<Fault>();
  const situations = createTally<Situation>();
  const whenPaid = new Map<Hash, () => void>();
  const violations: Violation[] = [];
  let isCalm = false;

  function violate(invariant: Invariant, what: string): void {
    trace.add(scheduler.nowMs(), `VIOLATION ${invariant}: ${what}`);
    violations.push({ invariant, what, atMs: scheduler.nowMs() - startMs, step: scheduler.steps() });
  }
  function broken(where: string, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    violate('crash', `${where}: ${text.split('\n').slice(0, 6).join('\n')}`);
  }

  const network = createRunNetwork(plan, keys);
  const separator = domainSeparator(network.domain);
  const fates = createMessageFates({
    seed: plan.seed,
    rates: plan.rates,
    isAllowed,
    onFault: (fault) => faults.add(fault),
  });
  const wire = createNetwork({ scheduler, fates, onBroken: broken, onReordered: () => faults.add('messageReordered') });
  const chain = createRunChain(network, {
    engine: keys.engine,
    random: randomOf(plan.seed, 'chain'),
    faults,
    startMs,
    isCalm: () => isCalm,
    onDeposit: ({ account, amount }) => model.deposited(account, amount),
    onExit(event) {
      if (event.type === 'executed') model.exited(event.account, event.amount);
      situations.add(event.type === 'executed' ? 'exitExecuted' : 'exitStanding');
    },
  });
  const model = createModel({
    committee: { stakes: plan.stakes, byzantine: new Set(plan.byzantine) },
    separator,
    leastFee: network.fees.minimum,
    nowMs: scheduler.nowMs,
    digests: {
      newRound: ({ epoch, slot, round }) => newRoundDigest({ separator, epoch }, slot, round),
      proposal: ({ epoch, slot, round, value }) => proposeDigest({ separator, epoch }, { slot, round, value }),
    },
    chain,
    violate,
    events: {
      onOutOfOrder: () => situations.add('outOfOrderResolution'),
      onSettlement(stage) {
        if (stage === 'FINALIZED') situations.add('settled');
        if (stage === 'QUEUED_ONCHAIN') situations.add('requeued');
      },
    },
    onClosure(certificates) {
      if (certificates >= LONG_CLOSURE) situations.add('longClosure');
    },
    onSettled(settled, chained) {
      situations.add(settled.order ? 'paid' : 'skipped');
      if (chained && chained.depth >= DEEP_CHAIN) situations.add('deepUnsettledChain');
      if (chained?.afterMs !== undefined && chained.afterMs < 1_000) situations.add('paidOnAtOnce');
      if (settled.round > 0) situations.add('carriedIntoRound');
      if (model.book.isSplit(settled.slot)) situations.add('splitSlotResolved');
      const { order, slot } = settled;
      if (order) whenPaid.get(order.memo)?.();
      const isPoor = ({ ledger }: ValidatorView) => order && ledger.balance(slot) < order.amount + order.fee;
      if (honest.some(({ signer }) => model.views[signer] && isPoor(model.views[signer]))) {
        situations.add('fundedAhead');
      }
    },
  });

  const shared = { engine: keys.engine, scheduler, wire, model, trace, faults, situations };
  const writesBySigner = new Map<number, number>();

  function createHonest(signer: number): HonestValidator {
    const random = randomOf(plan.seed, `disk/${signer}`);
    const identities = randomOf(plan.seed, `store/${signer}`);
    const node: HonestValidator = createHonestValidator(
      { network, signer, skewMs: plan.validatorSkewMs[signer] ?? 0 },
      {
        ...shared,
        votingSigner: keys.voting(NAMES[signer] ?? ''),
        settlementSigner: keys.secp256k1(NAMES[signer] ?? ''),
        createDisk: (events) =>
          createFaultyKv(
            { name: `v${signer}`, slownessMs: plan.diskSlownessMs[signer] ?? 20, ...events },
            scheduler,
            random,
          ),
        newStoreId: () => identities.bytes(16),
        diesAtWrite() {
          const write = (writesBySigner.get(signer) ?? 0) + 1;
          writesBySigner.set(signer, write);
          const crash = plan.actions.find(
            (action) => action.type === 'crashAtWrite' && action.signer === signer && action.write === write,
          );
          if (crash?.type !== 'crashAtWrite' || isCalm) return undefined;
          scheduler.after(crash.afterMs + crash.downMs, `v${signer} restarts`, () => node.start());
          if (crash.afterMs === 0) return crash.share;
          faults.add('crashAtWrite');
          scheduler.after(crash.afterMs, `v${signer} is cut off`, () => node.crash(crash.share));
          return undefined;
        },
      },
    );
    return node;
  }

  const honest: HonestValidator[] = [];
  const byzantine: ByzantineValidator[] = [];
  const nodes = plan.stakes.map((_, signer) => {
    if (!plan.byzantine.includes(signer)) {
      const node = createHonest(signer);
      honest.push(node);
      return node;
    }
    const node = createByzantineValidator(
      { network, signer, ...plan.byzantineHabits },
      {
        ...shared,
        votingSigner: keys.voting(NAMES[signer] ?? ''),
        settlementSigner: keys.secp256k1(NAMES[signer] ?? ''),
        random: randomOf(plan.seed, `byzantine/${signer}`),
        nowMs: scheduler.nowMs,
      },
    );
    byzantine.push(node);
    return node;
  });

  const relay = createHonestRelay('relay', network, { ...shared, nodes, onBroken: broken });
  const relays = [relay];
  if (plan.hasByzantineRelay) {
    const tools = createHonestRelay('evil', network, { ...shared, nodes, onBroken: broken });
    const random = randomOf(plan.seed, 'evil');
    relays.push(createByzantineRelay('evil', tools, { random, faults, isOver: () => isCalm }));
  }

  const wallets = new Map<string, Wallet>();
  for (const device of plan.devices) {
    const wallet: Wallet = createWallet(
      { ...device, network, signer: keys.secp256k1(device.owner), asset: PATH_USD, relays },
      {
        ...shared,
        random: randomOf(plan.seed, `device/${device.name}`),
        isCalm: () => isCalm,
        onBroken: broken,
        createRows: (onDeath) =>
          createDeviceRows(device.name, () => {
            onDeath();
          }),
      },
    );
    wallets.set(device.name, wallet);
  }

  function createDeviceRows(name: string, onDeath: () => void) {
    let writes = 0;
    return createFaultyRows({
      diesAtWrite(moment) {
        if (moment === 'before') writes++;
        const crash = plan.actions.find(
          (action) =>
            action.type === 'deviceCrashAtWrite' &&
            action.device === name &&
            action.write === writes &&
            action.moment === moment,
        );
        if (crash?.type !== 'deviceCrashAtWrite' || isCalm) return false;
        faults.add('clientCrashAtWrite');
        onDeath();
        scheduler.after(crash.downMs, `${name} restarts`, () => wallets.get(name)?.start());
        return true;
      },
    });
  }

  const drivers = new Map(
    honest.map((node) => [
      node.signer,
      createExitDriver(network, {
        engine: keys.engine,
        validators: nodes.map((other) => createValidatorCalls(node.name, other, wire)),
        scheduler,
        nowMs: node.nowMs,
      }),
    ]),
  );

  const cuts = randomOf(plan.seed, 'cuts');
  function cutPower(signer: number): void {
    const node = honest.find((one) => one.signer === signer);
    if (!node?.isUp() || isCalm) return;
    node.crash(cuts.chance(0.3) ? 0.5 : 0);
    scheduler.after(200, `${node.name} restarts`, () => node.start());
  }

  const owners = [...new Set(plan.devices.map(({ owner }) => owner))];
  const attackers = Array.from({ length: plan.attackers }, (_, index) =>
    createAttacker({
      network,
      signer: keys.secp256k1(`mallory${index}`),
      otherSigner: keys.secp256k1('nobody'),
      recipients: owners.map((owner) => keys.secp256k1(owner).address),
      validators: nodes.map((node) => createValidatorCalls(`mallory${index}`, node, wire)),
      model,
      scheduler,
      faults,
      situations,
      cutPower,
      stallDisks(ms) {
        if (!isCalm) for (const { disk } of honest) disk.stall(ms);
      },
      exit: (account, what) => chain.exit(account, what),
    }),
  );

  return {
    plan,
    network,
    scheduler,
    trace,
    wire,
    fates,
    model,
    chain,
    drivers,
    honest,
    byzantine,
    relays,
    openExits: new Set(),
    openAttacks: new Set(),
    whenPaid,
    wallets,
    attackers,
    faults,
    situations,
    violations,
    addressOf: (owner) => keys.secp256k1(owner).address,
    isCalm: () => isCalm,
    endFaults() {
      isCalm = true;
      fates.stop();
      wire.heal();
    },
    violate,
    broken,
  };
}

/** Unlike for every seed: no signature of one run means anything in another. */
function createRunNetwork({ seed, stakes }: Plan, keys: KeyRing): Network {
  return {
    name: `simulated ${seed}`,
    kind: 'devnet',
    domain: {
      chainId: 31_337n,
      reserve: toAddress(`0x${'5e'.repeat(20)}`),
      salt: hashFromBytes(keccak256(utf8(`salt/${seed}`))),
    },
    committee: {
      epoch: 0n,
      members: stakes.map((stake, signer) => ({
        name: NAMES[signer] ?? `Validator ${signer}`,
        stake,
        votingKey: keys.voting(NAMES[signer] ?? '').publicKey,
        settlementAddress: keys.secp256k1(NAMES[signer] ?? '').address,
      })),
    },
    assets: [{ address: PATH_USD, symbol: 'USD', name: 'pathUSD' }],
    fees: { minimum: 2_000n, newRecipientSurcharge: 6_000n },
    exitDelaySeconds: EXIT_DELAY_SECONDS,
  };
}
