import { createVerificationContext } from '@fastpay/crypto';
import { toSequence } from '@fastpay/protocol';
import type { Validator } from '@fastpay/validator';
import { createWorld, fund, NOW_MS, openValidator, orderOf, paid, payer, type World } from '@fastpay/validator/testing';
import type { Peer } from '../peer.ts';
import { createTurns } from '../turns.ts';
import { createOwnVoter } from '../voter.ts';

/** Validators in memory that are each other's peers, without a network. */

export const unixMs = () => NOW_MS;
export const inTurn = createTurns();
export const never = new AbortController().signal;

export function validators(count = 4): { readonly world: World; readonly all: readonly Validator[] } {
  const world = createWorld(Array.from({ length: count }, () => 1n));
  return { world, all: Array.from({ length: count }, (_, signer) => openValidator(world, signer)) };
}

export function contextOf({ network, engine }: World) {
  return createVerificationContext(network, engine);
}

/** A validator as the others see it; `changes` make it lie. */
export function peerOf(validator: Validator, signer: number, changes: Partial<Peer> = {}): Peer {
  return {
    ...createOwnVoter({ signer }, { validator, unixMs }),
    name: `validator ${signer}`,
    certificates: async ({ afterCursor }) => ({
      ...validator.certificates({ afterCursor, limit: 50 }),
      storeId: validator.storeId(),
    }),
    resolution: async (slot) => validator.resolution(slot),
    evidence: async () => validator.evidence(100),
    attest: ({ entries }) => validator.attest(entries),
    close: () => undefined,
    ...changes,
  };
}

/** Payments of one payer from slot 0 on, certified by the whole committee's true keys and known nowhere yet. */
export async function paymentsOf(world: World, index: number, count: number) {
  const [sender, recipient] = [payer(index), payer(index + 1)];
  const payments: Awaited<ReturnType<typeof paid>>[] = [];
  for (let sequence = 0n; sequence < BigInt(count); sequence++) {
    const order = orderOf(sender, recipient, { sequence: toSequence(sequence) });
    payments.push(await paid(world, sender, order));
  }
  return { sender, recipient, payments, certificates: payments.map(({ cc }) => cc) };
}

export async function fundEach(all: readonly Validator[], index: number, amount = 1_000_000_000n): Promise<void> {
  for (const validator of all) await fund(validator, payer(index), amount);
}
