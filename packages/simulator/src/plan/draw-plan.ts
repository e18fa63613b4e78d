import { type FaultRates, NO_FAULTS } from '../network/faults.ts';
import { type Random, randomOf } from '../random/random.ts';
import type { Action, DevicePlan, Plan } from './plan.ts';
import { type Size, type SizeBounds, sizeBounds } from './sizes.ts';

const COMMITTEES: readonly (readonly bigint[])[] = [
  [1n],
  [1n, 1n],
  [1n, 1n],
  [1n, 1n, 1n],
  [1n, 1n, 1n, 1n],
  [1n, 1n, 1n, 1n],
  [1n, 1n, 1n, 1n],
  [1n, 1n, 1n, 1n],
  [1n, 1n, 1n, 1n],
  [1n, 1n, 1n, 1n],
  [3n, 2n, 1n, 1n],
  [3n, 2n, 1n, 1n],
  [5n, 4n, 3n, 2n],
  [1n, 1n, 1n, 1n, 1n, 1n, 1n],
];

const OWNERS = ['alice', 'bob', 'carol', 'dave', 'erin'];

export interface DrawOptions {
  readonly crypto?: Plan['crypto'];
  readonly size?: Size;
}

/** What a seed of this size stands for. Short runs of many kinds find more than long ones of one kind. */
export function drawPlan(seed: number, { crypto = 'simulated', size = 'mixed' }: DrawOptions = {}): Plan {
  const bounds = sizeBounds[size];
  const random = randomOf(seed, 'plan');
  const stakes = random.pick(COMMITTEES);
  const isCalm = random.chance(0.1);
  const byzantine = !isCalm && random.chance(0.6) ? drawByzantine(stakes, random) : [];
  const faultsEndMs = random.between(...bounds.faultsEndSeconds) * 1_000;
  const devices = drawDevices(random, bounds, isCalm);
  const attackers = random.chance(bounds.attackerShare) ? 1 : 0;
  const draw: Draw = { random, bounds, stakes, devices, faultsEndMs, byzantine, isCalm };
  const perValidator = (most: number, share: number) =>
    stakes.map(() => (!isCalm && random.chance(share) ? random.below(most) : 0));
  const chain = drawChain(randomOf(seed, 'chain'), draw);
  return {
    seed,
    crypto,
    stakes,
    byzantine,
    byzantineHabits: {
      silence: random.pick([0, 0.1, 0.3]),
      garbage: random.pick([0, 0.05, 0.2]),
      lies: random.pick([0, 0.3, 0.8]),
    },
    byzantineStays: random.chance(0.5),
    hasByzantineRelay: !isCalm && random.chance(0.3),
    validatorSkewMs: perValidator(4_000, 0.3).map((skew) => (random.chance(0.5) ? skew : -skew)),
    diskSlownessMs: perValidator(600, 0.4).map((slowness) => slowness + 20),
    devices,
    attackers,
    rates: isCalm ? NO_FAULTS : drawRates(random),
    faultsEndMs,
    settlesFromMs: chain?.settlesFromMs ?? 0,
    actions: [
      ...drawDeposits(draw, attackers),
      ...drawWishes(draw),
      ...drawAttacks(draw, attackers),
      ...drawExits(draw, attackers),
      ...(chain ? [chain.action] : []),
      ...(isCalm ? [] : [...drawTroubles(draw), ...drawRollback(draw)]),
    ],
  };
}

interface Draw {
  readonly random: Random;
  readonly bounds: SizeBounds;
  readonly stakes: readonly bigint[];
  readonly devices: readonly DevicePlan[];
  readonly faultsEndMs: number;
  readonly byzantine: readonly number[];
  readonly isCalm: boolean;
}

interface DrawnChain {
  readonly action: Action;
  readonly settlesFromMs: number;
}

/** As many as their stake allows: below a third (§2). */
function drawByzantine(stakes: readonly bigint[], random: Random): readonly number[] {
  const total = stakes.reduce((sum, stake) => sum + stake, 0n);
  const validity = (total + 2n) / 3n;
  const chosen: number[] = [];
  let stake = 0n;
  for (const signer of random.shuffle(stakes.map((_, index) => index))) {
    const own = stakes[signer] ?? 0n;
    if (stake + own >= validity) continue;
    chosen.push(signer);
    stake += own;
  }
  return chosen.sort((left, right) => left - right);
}

function drawDevices(random: Random, bounds: SizeBounds, isCalm: boolean): readonly DevicePlan[] {
  const owners = OWNERS.slice(0, random.pick(bounds.owners));
  return owners.flatMap((owner) => {
    const count = random.chance(0.25) ? 2 : 1;
    return Array.from({ length: count }, (_, index) => ({
      name: count === 1 ? owner : `${owner}${index + 1}`,
      owner,
      skewMs: !isCalm && random.chance(0.2) ? random.between(-5_000, 5_000) : 0,
      syncEveryMs: random.pick([5_000, 20_000, 60_000]),
    }));
  });
}

function drawRates(random: Random): FaultRates {
  const rate = (most: number) => (random.chance(0.5) ? random.fraction() * most : 0);
  return { drop: rate(0.15), delay: rate(0.15), duplicate: rate(0.1), corrupt: rate(0.06) };
}

/** The first owner has money from the start; others live on what they receive, or are funded later. */
function drawDeposits({ random, bounds, devices, faultsEndMs }: Draw, attackers: number): readonly Action[] {
  const owners = [...new Set(devices.map(({ owner }) => owner))];
  const deposit = (owner: string, atMs: number, id: string): Action => ({
    id,
    type: 'deposit',
    atMs,
    owner,
    amount: BigInt(random.between(10, 60)) * 1_000_000n,
  });
  const early = owners
    .filter((_, index) => index === 0 || random.chance(bounds.fundedShare))
    .map((owner) => deposit(owner, 0, `deposit/${owner}`));
  const late = owners
    .filter(() => random.chance(0.3))
    .map((owner) => deposit(owner, random.below(faultsEndMs), `lateDeposit/${owner}`));
  const attacking = Array.from({ length: attackers }, (_, index) =>
    deposit(`mallory${index}`, 0, `deposit/mallory${index}`),
  );
  return [...early, ...late, ...attacking];
}

function drawWishes({ random, bounds, devices, faultsEndMs }: Draw): readonly Action[] {
  const owners = [...new Set(devices.map(({ owner }) => owner))];
  const togetherMs = random.below(faultsEndMs);
  return Array.from({ length: random.between(...bounds.wishes) }, (_, index): Action => {
    const { name, owner } = random.pick(devices);
    return {
      id: `wish/${index}`,
      type: 'wish',
      // Now and then all at one moment, so that devices of one owner meet.
      atMs: random.chance(0.3) ? togetherMs : random.below(faultsEndMs),
      device: name,
      to: random.pick(owners.filter((other) => other !== owner)),
      amount: BigInt(random.between(1, 8)) * 1_000_000n,
      kind: random.chance(0.1) ? 1 : 0,
      isImpatient: random.chance(0.15),
    };
  });
}

function drawAttacks({ random, bounds, faultsEndMs }: Draw, attackers: number): readonly Action[] {
  return Array.from(
    { length: attackers * random.between(...bounds.attacks) },
    (_, index): Action => ({
      id: `attack/${index}`,
      type: 'attack',
      atMs: random.below(faultsEndMs),
      attacker: random.below(attackers),
    }),
  );
}

/**
 * Devices that pay on what they receive, from the one that has money at the start, around circles as often as they come
 * up again. Validators that do not settle for a while leave all of it unsettled.
 */
function drawChain(random: Random, { bounds, devices, faultsEndMs }: Draw): DrawnChain | undefined {
  if (!random.chance(bounds.chainShare)) return undefined;
  const [first] = devices;
  if (!first) return undefined;
  const names = [first.name];
  let last = first;
  for (let payments = random.between(...bounds.chainPayments); payments > 0; payments--) {
    const { owner } = last;
    last = random.pick(devices.filter((device) => device.owner !== owner));
    names.push(last.name);
  }
  return {
    action: { id: 'chain', type: 'chain', atMs: random.below(faultsEndMs / 2), devices: names },
    settlesFromMs: random.chance(0.5) ? random.between(0, 2 * faultsEndMs) : 0,
  };
}

/** Few: waiting for the end of the delay takes many steps. */
function drawExits({ random, bounds, devices, faultsEndMs }: Draw, attackers: number): readonly Action[] {
  if (!random.chance(bounds.exitShare)) return [];
  const owner = attackers > 0 && random.chance(0.6) ? 'mallory0' : random.pick(devices).owner;
  return [
    {
      id: `exit/${owner}`,
      type: 'exit',
      atMs: random.between(1_000, faultsEndMs),
      owner,
      hidesQuorum: owner === 'mallory0' && random.chance(0.6),
      ...(random.chance(0.25) && { cancelsAfterMs: random.between(10_000, 200_000) }),
    },
  ];
}

/** A validator that lost its voice counts as one that does not follow the rules: a third must stay out of reach. */
function drawRollback({ random, bounds, stakes, byzantine, faultsEndMs }: Draw): readonly Action[] {
  if (byzantine.length > 0 || !random.chance(bounds.rollbackShare)) return [];
  const [signer] = drawByzantine(stakes, random);
  if (signer === undefined) return [];
  const backupMs = random.below(faultsEndMs);
  const atMs = random.between(backupMs, faultsEndMs);
  const hasBackup = random.chance(0.7);
  return [{ id: `rollback/${signer}`, type: 'rollback', signer, atMs, ...(hasBackup && { backupMs }) }];
}

function drawTroubles({ random, bounds, stakes, devices, faultsEndMs, byzantine }: Draw): readonly Action[] {
  const actions: Action[] = [];
  const honest = stakes.map((_, signer) => signer).filter((signer) => !byzantine.includes(signer));
  const times = (most: number) => (random.chance(0.6) ? random.below(Math.ceil(most * bounds.troubles) + 1) : 0);
  const share = () => random.pick([0, 0.5, 1]);
  const downMs = () => random.between(50, 8_000);
  const add = (count: number, kind: string, make: (id: string) => Action) => {
    for (let index = 0; index < count; index++) actions.push(make(`${kind}/${index}`));
  };
  add(times(3), 'validatorCrash', (id) => ({
    id,
    type: 'validatorCrash',
    atMs: random.below(faultsEndMs),
    signer: random.pick(honest),
    share: share(),
    downMs: downMs(),
  }));
  add(times(4), 'crashAtWrite', (id) => ({
    id,
    type: 'crashAtWrite',
    signer: random.pick(honest),
    write: random.between(2, 30),
    afterMs: random.pick([0, 0, 1, 5, 40]),
    share: share(),
    downMs: downMs(),
  }));
  add(times(2), 'deviceCrash', (id) => ({
    id,
    type: 'deviceCrash',
    atMs: random.below(faultsEndMs),
    device: random.pick(devices).name,
    downMs: downMs(),
  }));
  add(times(3), 'deviceCrashAtWrite', (id) => ({
    id,
    type: 'deviceCrashAtWrite',
    device: random.pick(devices).name,
    write: random.between(1, 12),
    moment: random.pick(['before', 'after'] as const),
    downMs: downMs(),
  }));
  add(random.between(1, 3), 'reorganization', (id) => ({
    id,
    type: 'reorganization',
    atMs: random.between(Math.floor(faultsEndMs / 2), faultsEndMs),
  }));
  const names = [...stakes.map((_, signer) => `v${signer}`), ...devices.map(({ name }) => name), 'relay', 'mallory0'];
  add(times(2), 'partition', (id) => ({
    id,
    type: 'partition',
    atMs: random.below(faultsEndMs),
    members: random.some(names, 0.4),
    forMs: random.between(500, 12_000),
  }));
  return actions;
}
