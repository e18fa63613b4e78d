import { type RejectError, toAmount } from '@fastpay/protocol';
import { describe, expect, test } from 'vitest';
import { createSmallWorld, validatorOf } from '../testing/small-world.fixtures.ts';

/** The last of four, which is put back. */
const SIGNER = 3;

async function createScene() {
  const small = await createSmallWorld();
  const node = validatorOf(small.world, SIGNER);
  const signedOrder = await small.order('alice');
  return {
    ...small,
    node,
    vote: () => small.answered(node.vote({ signedOrder, attachments: [] })),
    promise: async (round: number) =>
      await small.answered(node.openRound({ newRound: await small.newRound('alice', round), attachments: [] })),
    /** The power goes when the vote is written, and before it is sent; it is on the disk. */
    async voteAndDie() {
      void node.vote({ signedOrder, attachments: [] });
      while (node.disk.isDurable) await new Promise((resolve) => process.nextTick(resolve));
      node.crash(1);
    },
    async putBack() {
      node.putBack();
      node.start();
      await small.pass(1_000);
    },
  };
}

describe('a database that is put back', () => {
  test('holds a vote that was recorded in an earlier life and left after the backup', async () => {
    const { world, node, vote, voteAndDie, putBack } = await createScene();
    await voteAndDie();
    node.backUp();
    node.start();
    expect(await vote()).toMatchObject({ type: 'vote' });
    await putBack();
    expect(node.voice()).toBe('required');
    expect(node.process()?.mode()).toBe('signing');
    expect(await vote()).toMatchObject({ type: 'vote' });
    expect(world.violations).toEqual([]);
  });

  test('holds a promise although a later one has taken its row', async () => {
    const { world, node, promise, vote, putBack } = await createScene();
    await promise(1);
    await promise(2);
    node.backUp();
    await expect(vote()).rejects.toMatchObject({ code: 'STALE_ROUND' } satisfies Partial<RejectError>);
    await putBack();
    expect(node.voice()).toBe('required');
    await promise(3);
    expect(world.violations).toEqual([]);
  });

  test('lacks a vote that was recorded and left after the backup, and is never heard again', async () => {
    const { world, node, vote, putBack } = await createScene();
    node.backUp();
    await vote();
    await putBack();
    expect(node.voice()).toBe('forbidden');
    await expect(vote()).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' } satisfies Partial<RejectError>);
    expect(world.violations).toEqual([]);
  });

  test('may be older and sign, or not, if what it lacks never left', async () => {
    const { world, node, order, answered, voteAndDie, putBack } = await createScene();
    node.backUp();
    await voteAndDie();
    await putBack();
    expect(node.voice()).toBe('free');
    await answered(node.vote({ signedOrder: await order('bob'), attachments: [] })).catch(() => undefined);
    expect(world.violations).toEqual([]);
  });
});

describe('a database that is lost', () => {
  test('is followed by a new one that signs if nothing had left', async () => {
    const { world, node, putBack } = await createScene();
    const before = node.process()?.storeId();
    await putBack();
    expect(node.voice()).toBe('free');
    expect(node.process()?.mode()).toBe('signing');
    expect(node.process()?.storeId()).not.toEqual(before);
    expect(world.violations).toEqual([]);
  });

  test('is followed by a new one that only observes if a vote had left', async () => {
    const { world, node, vote, putBack } = await createScene();
    await vote();
    await putBack();
    expect(node.voice()).toBe('forbidden');
    expect(node.process()?.observingReason()).toBe('storeReplaced');
    expect(world.violations).toEqual([]);
  });
});

test('a commit that never left counts for the order that was signed, though a forged one is shown to get it', async () => {
  const { world, order, quorum, answered, pass } = await createSmallWorld();
  const signedOrder = await order('alice');
  const certificate = await quorum(signedOrder);
  for (const node of world.honest) {
    void node.commit({ certificate, attachments: [] });
    while (node.disk.isDurable) await new Promise((resolve) => process.nextTick(resolve));
    node.crash(1);
    node.start();
  }
  await pass(1_000);
  const dearer = { ...signedOrder, order: { ...signedOrder.order, amount: toAmount(2_000_000n) } };
  const forged = { ...certificate, signedOrder: dearer };
  const asked = world.honest.map((node) => node.commit({ certificate: forged, attachments: [] }));
  for (const answer of await answered(Promise.all(asked))) expect(answer.type).toBe('commit');
  expect(world.model.book.settled(certificate.slot)?.order).toEqual(signedOrder.order);
  expect(world.violations).toEqual([]);
});
