import { RejectError, SKIP, toHex } from '@fastpay/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { PaymentProgress } from '../client.ts';
import { clientLimits } from '../limits.ts';
import { impatient } from '../testing/clock.fixtures.ts';
import { createSplit, dyingAfterCommits, nothing } from '../testing/split.fixtures.ts';
import { createWorld, recording, type World } from '../testing/world.fixtures.ts';
import type { Transport } from '../transport.ts';

const DOLLAR = 1_000_000n;

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await world.deposit(world.wallet('alice').owner, 100n * DOLLAR);
});

const split = () => createSplit(world);
const last = (snapshots: readonly PaymentProgress[]) => snapshots.at(-1);

describe('two devices at once', () => {
  test('end on one value, however their rounds cross', async () => {
    for (let attempt = 0; attempt < 4; attempt++) {
      const { first, second, mine, other } = await split();
      const slow = (transport: Transport, turns: number): Transport => ({
        ...transport,
        async collectPromises(request, signal) {
          const collected = await transport.collectPromises(request, signal);
          for (let turn = 0; turn < turns; turn++) await tick();
          return collected;
        },
      });
      const clock = impatient(world.clock);
      const devices = [
        world.wallet('alice', { rows: first.rows, clock, transport: slow(world.transport, attempt) }),
        world.wallet('alice', { rows: second.rows, clock, transport: slow(halves(), 3) }),
      ];
      const ends = await Promise.all(devices.map(async (device) => last(await device.finish())));
      const held = ends.map((end) => end?.certificate?.value);
      expect(held[0]).toBeDefined();
      expect(held[1]).toBe(held[0]);
      expect([mine.transactionHash, other.transactionHash, SKIP]).toContain(held[0]);
      for (const end of ends) expect(end?.state).toBe(end?.transactionHash === held[0] ? 'paid' : 'skipped');
      world = await createWorld();
      await world.deposit(world.wallet('alice').owner, 100n * DOLLAR);
    }
  });

  test('two windows of one device propose one value a round between them', async () => {
    const { first } = await split();
    const transport = recording(world.transport);
    const windows = [0, 1].map(() =>
      world.wallet('alice', { rows: first.rows, transport, clock: impatient(world.clock) }),
    );
    const [one, two] = windows;
    if (!one || !two) throw new Error('expected two windows');
    const ends = await Promise.all([one.finish(), two.cancel()]);
    const held = ends.map((snapshots) => last(snapshots)?.certificate?.value);
    expect(held[0]).toBe(held[1]);
    expectOneValuePerRound(transport.proposed);
  });

  /** The other way round: what one device’s relay asks first, the other’s asks last. */
  function halves(): Transport {
    return world.reaching(3, 2, 1, 0);
  }
});

describe('a relay that lies about rounds', () => {
  type Promises = Awaited<ReturnType<Transport['collectPromises']>>;
  const lying = (lie: (collected: Promises) => Promises): Transport => ({
    ...world.transport,
    collectPromises: async (request, signal) => lie(await world.transport.collectPromises(request, signal)),
  });
  const flip = (bytes: Uint8Array) => bytes.map((byte, index) => (index === 9 ? byte ^ 1 : byte));

  const lies: readonly (readonly [string, (collected: Promises) => Promises])[] = [
    [
      'forges promises',
      (collected) => ({
        ...collected,
        promises: collected.promises.map(({ promise, ...rest }) => ({
          ...rest,
          promise: { ...promise, signature: { ...promise.signature, signature: flip(promise.signature.signature) } },
        })),
      }),
    ],
    [
      'drops the locks',
      (collected) => ({
        ...collected,
        promises: collected.promises.map(({ promise: { lock: _lock, ...promise } }) => ({ promise })),
      }),
    ],
    [
      'keeps the certificates of locks back',
      (collected) => ({ ...collected, promises: collected.promises.map(({ promise }) => ({ promise })) }),
    ],
    [
      'shows one promise in the names of all',
      (collected) => ({
        ...collected,
        promises: collected.promises.flatMap((proven, _index, [first]) =>
          first
            ? [
                {
                  ...first,
                  promise: {
                    ...first.promise,
                    signature: { ...first.promise.signature, signer: proven.promise.signature.signer },
                  },
                },
              ]
            : [],
        ),
      }),
    ],
    [
      'repeats one promise',
      (collected) => ({
        ...collected,
        promises: Array.from({ length: 4 }, () => collected.promises.slice(0, 1)).flat(),
      }),
    ],
    [
      'says that the slot is resolved by a certificate of votes that never were',
      ({ promises: [first] }) => ({
        promises: [],
        failures: [],
        ...(first?.lockCertificate
          ? { certificate: { ...first.lockCertificate, type: 'commit' as const, signatures: [] } }
          : {}),
      }),
    ],
    [
      'says that every round is too low',
      () => ({
        promises: [],
        failures: [0, 1, 2, 3].map((signer) => ({ signer, reject: new RejectError('STALE_ROUND', 'higher, higher') })),
      }),
    ],
    ['answers nothing', () => ({ promises: [], failures: [] })],
  ];

  test.each(lies)('and %s gets nothing signed that a lock forbids, and ends nothing', async (_what, lie) => {
    // A quorum has committed, so that any quorum of promises has a lock: cancelling is not possible.
    const dying = world.wallet('alice', { transport: dyingAfterCommits(world, 3) });
    const [mine] = await dying.pay(world.wallet('bob').owner, 10n * DOLLAR);
    const transport = recording(lying(lie));
    const fooled = world.wallet('alice', { rows: dying.rows, transport });
    expect(last(await fooled.cancel())).toMatchObject({ state: 'stalled' });
    expect(transport.proposed).toEqual([]);
    expect(transport.opened.length).toBeLessThanOrEqual(clientLimits.roundAttempts);

    const honest = world.wallet('alice', { rows: dying.rows });
    expect(last(await honest.cancel())).toMatchObject({
      state: 'paid',
      transactionHash: mine?.transactionHash,
      ending: { tooLateToCancel: true },
    });
  });

  test('by mixing in promises of another round', async () => {
    const { first } = await split();
    const kept: Promises[] = [];
    const transport = recording({
      ...world.transport,
      async collectPromises(request, signal) {
        const collected = await world.transport.collectPromises(request, signal);
        kept.push(collected);
        const [old = collected] = kept;
        return { ...collected, promises: [...collected.promises.slice(0, 2), ...old.promises.slice(2)] };
      },
      submitProposal: () => nothing(),
    });
    const device = world.wallet('alice', { rows: first.rows, transport });
    await device.finish();
    expect(transport.proposed.map(({ round }) => round)).toEqual([1]);
    // Cancelling goes to round 2, for which two validators’ promises of round 1 are worth nothing.
    expect(last(await device.cancel())).toMatchObject({ state: 'stalled', round: { round: 2, promises: [0, 1] } });
    expect(transport.proposed.map(({ round }) => round)).toEqual([1]);
  });

  test('cannot use up all rounds: beyond some they are tried in steps', async () => {
    const { first } = await split();
    const transport = recording({
      ...world.transport,
      collectPromises: () =>
        Promise.resolve({
          promises: [],
          failures: [0, 1, 2].map((signer) => ({ signer, reject: new RejectError('STALE_ROUND', 'higher') })),
        }),
    });
    const device = world.wallet('alice', { rows: first.rows, transport });
    for (let attempt = 0; attempt < 4; attempt++) await device.finish();
    const highest = Math.max(...transport.opened.map(({ round }) => round));
    expect(highest).toBeLessThan(4 * clientLimits.roundAttempts * clientLimits.roundStep);
    const honest = world.wallet('alice', { rows: first.rows });
    expect(last(await honest.finish())?.state).toBe('paid');
  });
});

function expectOneValuePerRound(proposed: ReturnType<typeof recording>['proposed']): void {
  const byRound = Map.groupBy(proposed, ({ round }) => round);
  for (const proposals of byRound.values()) {
    expect(new Set(proposals.map(({ value }) => value)).size).toBe(1);
    const signatures = proposals.map(({ authority }) => authority.type === 'owner' && toHex(authority.signature));
    expect(new Set(signatures).size).toBe(1);
  }
}

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));
