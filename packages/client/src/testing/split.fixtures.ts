import type { Transport } from '../transport.ts';
import { recording, type Wallet, type World } from './world.fixtures.ts';

const DOLLAR = 1_000_000n;

/** A relay that takes orders to some validators only, and does not say what the others hold. */
export function sendingTo(world: World, ...signers: readonly number[]): Transport {
  return {
    ...world.transport,
    submitPayment: world.reaching(...signers).submitPayment,
    async accountStatements(account, nonce) {
      const answers = await world.transport.accountStatements(account, nonce);
      return answers.map(({ signed, known }) => ({ signed, known }));
    },
  };
}

/** A relay that dies as the last of so many commits comes in. */
export function dyingAfterCommits({ transport }: World, commits: number): Transport {
  return {
    ...transport,
    async *submitPayment(request, signal) {
      let seen = 0;
      for await (const event of transport.submitPayment(request, signal)) {
        if (event.type === 'commit' && ++seen >= commits) return;
        yield event;
      }
    },
  };
}

/** A stream that ends without a word. */
export async function* nothing(): AsyncGenerator<never> {
  yield* await Promise.resolve([]);
}

/**
 * One owner, alice, two devices, two orders for one slot: 10 to bob, which validators 0 and 1 voted for, and 20 to
 * carol, which 2 and 3 did. Alice has a deposit. Both devices reach everyone afterwards, and what leaves them is watched.
 */
export async function createSplit(world: World) {
  const first = world.wallet('alice', { transport: sendingTo(world, 0, 1) });
  const [mine] = await first.pay(world.wallet('bob').owner, 10n * DOLLAR);
  const second = world.wallet('alice', { transport: sendingTo(world, 2, 3) });
  const [other] = await second.pay(world.wallet('carol').owner, 20n * DOLLAR);
  if (!mine || !other) throw new Error('expected two payments');
  const connected = ({ rows }: Wallet) => {
    const transport = recording(world.transport);
    return { ...world.wallet('alice', { rows, transport }), transport };
  };
  return { first: connected(first), second: connected(second), mine, other };
}
