import {
  type AccountId,
  accountKey,
  type CommitCertificate,
  orderCost,
  toAmount,
  toHash,
  toSequence,
} from '@fastpay/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountOf, orderOf, payer, slotAt } from '../testing/world.fixtures.ts';
import { creditOf } from './resolve.ts';
import { settleOrder } from './settle-order.ts';

const payers = [payer(0), payer(1), payer(2), payer(3)];
type Owner = (typeof payers)[number];
const [alice, bob, carol] = payers as [Owner, Owner, Owner];

function cc(from: Owner, sequence: number, to: Owner, amount: bigint, fee = 0n): CommitCertificate {
  const changes = { sequence: toSequence(BigInt(sequence)), amount: toAmount(amount), fee: toAmount(fee) };
  const order = orderOf(from, to, changes);
  return {
    type: 'commit',
    epoch: 0n,
    slot: slotAt(from, BigInt(sequence)),
    round: 0,
    value: toHash(`0x${payers.indexOf(from)}${sequence.toString(16).padStart(63, '0')}`),
    signatures: [],
    signedOrder: { order, payerSignature: new Uint8Array(65) },
  };
}
function skip(from: Owner, sequence: number): CommitCertificate {
  const { signedOrder: _none, ...rest } = cc(from, sequence, bob, 1n);
  return rest;
}
const holding = (balances: Partial<Record<string, bigint>>) => (account: AccountId) =>
  balances[accountKey(account)] ?? 0n;
const key = (owner: Owner) => accountKey(accountOf(owner));

/** Does what the reserve does, in the order given; the certificates that it passes over. */
function passedOver(certificates: readonly CommitCertificate[], onChain: (account: AccountId) => bigint) {
  const balances = new Map<string, bigint>();
  const balanceOf = (account: AccountId) => balances.get(accountKey(account)) ?? onChain(account);
  return certificates.filter((certificate) => {
    const { slot, signedOrder } = certificate;
    if (!signedOrder) return false;
    const cost = orderCost(signedOrder.order);
    if (balanceOf(slot) < cost) return true;
    balances.set(accountKey(slot), balanceOf(slot) - cost);
    const recipient = { owner: signedOrder.order.recipient, asset: slot.asset };
    balances.set(accountKey(recipient), balanceOf(recipient) + (creditOf(certificate) ?? 0n));
    return false;
  });
}

test('keeps an order that works', () => {
  const chain = [cc(alice, 0, bob, 10n), cc(bob, 0, carol, 9n), skip(bob, 1), cc(carol, 0, alice, 9n)];
  expect(settleOrder(chain, holding({ [key(alice)]: 10n }))).toEqual({ certificates: chain, isSettleable: true });
});

test('puts what funds before what is funded, and lower slots before higher ones', () => {
  const [toBob, toCarol] = [cc(alice, 0, bob, 10n), cc(bob, 0, carol, 9n)];
  const onChain = holding({ [key(alice)]: 10n });
  expect(settleOrder([toCarol, toBob], onChain).certificates).toEqual([toBob, toCarol]);
  // Slot 1 could be paid at once, but slot 0 would then lack the money.
  const [large, small] = [cc(bob, 0, carol, 15n), cc(bob, 1, carol, 5n)];
  const both = holding({ [key(alice)]: 10n, [key(bob)]: 10n });
  expect(settleOrder([small, large, toBob], both)).toEqual({ certificates: [toBob, large, small], isSettleable: true });
});

test('says what cannot be settled, and leaves it for the end', () => {
  const [toBob, toCarol] = [cc(alice, 0, bob, 10n), cc(bob, 0, carol, 11n)];
  const ordered = settleOrder([toCarol, toBob], holding({ [key(alice)]: 10n }));
  expect(ordered).toEqual({ certificates: [toBob, toCarol], isSettleable: false });
});

test('costs so much a certificate, also where they came the wrong way round', () => {
  const costOf = (count: number) => {
    let reads = 0;
    const counted = (certificate: CommitCertificate): CommitCertificate => ({
      ...certificate,
      get slot() {
        reads++;
        return certificate.slot;
      },
    });
    // Money that goes round, so that each payment waits for the one that comes after it in the list.
    const chain = Array.from({ length: count }, (_, at) =>
      counted(cc(payers[at % 4] as Owner, Math.floor(at / 4), payers[(at + 1) % 4] as Owner, 10n)),
    );
    const { certificates, isSettleable } = settleOrder(chain.toReversed(), holding({ [key(alice)]: 10n }));
    expect({ certificates, isSettleable }).toEqual({ certificates: chain, isSettleable: true });
    return reads;
  };
  const small = costOf(64);
  // Reads in `toEqual` included, which are as many each.
  expect(costOf(512)).toBeLessThan(small * 8 * 1.5);
});

test('settles what repeated looks for anything that can be settled would', () => {
  const payment = fc.record({
    from: fc.nat(3),
    to: fc.nat(3),
    amount: fc.bigInt(0n, 300n),
    gap: fc.nat(2),
    isSkip: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(payment, { maxLength: 30 }),
      fc.array(fc.bigInt(0n, 300n), { minLength: 4, maxLength: 4 }),
      fc.infiniteStream(fc.nat()),
      (payments, start, random) => {
        const next = [0, 0, 0, 0];
        const made = payments.map(({ from, to, amount, gap, isSkip }) => {
          const sequence = (next[from] as number) + gap;
          next[from] = sequence + 1;
          const [payerOf, payee] = [payers[from] as Owner, payers[to] as Owner];
          return isSkip ? skip(payerOf, sequence) : cc(payerOf, sequence, payee, amount, 1n);
        });
        const onChain = holding(Object.fromEntries(payers.map((owner, at) => [key(owner), start[at] as bigint])));
        const shuffled = made
          .map((certificate) => ({ certificate, at: random.next().value as number }))
          .sort((left, right) => left.at - right.at)
          .map(({ certificate }) => certificate);
        const settled = settledByLooking(shuffled, onChain);
        const { certificates, isSettleable } = settleOrder(shuffled, onChain);
        expect(isSettleable).toBe(settled.size === made.length);
        expect(new Set(certificates.slice(0, settled.size))).toEqual(settled);
        // The others keep their order.
        expect(certificates.slice(settled.size)).toEqual(shuffled.filter((one) => !settled.has(one)));
        expect(passedOver(certificates.slice(0, settled.size), onChain)).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});

/** The plain way: as long as the lowest slot of some account can be paid for, it is. */
function settledByLooking(certificates: readonly CommitCertificate[], onChain: (account: AccountId) => bigint) {
  const balances = new Map(payers.map((owner) => [key(owner), onChain(accountOf(owner))]));
  const settled = new Set<CommitCertificate>();
  const canSettle = (certificate: CommitCertificate) => {
    const { slot, signedOrder } = certificate;
    const isLowest = certificates.every(
      (other) => settled.has(other) || other.slot.owner !== slot.owner || other.slot.sequence >= slot.sequence,
    );
    const cost = signedOrder ? orderCost(signedOrder.order) : 0n;
    return !settled.has(certificate) && isLowest && (balances.get(accountKey(slot)) as bigint) >= cost;
  };
  for (let found = certificates.find(canSettle); found; found = certificates.find(canSettle)) {
    settled.add(found);
    if (!found.signedOrder) continue;
    const { order } = found.signedOrder;
    const recipient = accountKey({ owner: order.recipient, asset: found.slot.asset });
    const own = accountKey(found.slot);
    balances.set(own, (balances.get(own) as bigint) - orderCost(order));
    balances.set(recipient, (balances.get(recipient) as bigint) + (creditOf(found) ?? 0n));
  }
  return settled;
}

test('whatever was affordable as it happened can be settled, however it is shuffled', () => {
  const history = fc.array(
    fc.record({ from: fc.nat(3), to: fc.nat(3), share: fc.nat(100), isSkip: fc.nat(9).map((die) => die === 0) }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(
      history,
      fc.array(fc.nat(1_000), { minLength: 4, maxLength: 4 }),
      fc.infiniteStream(fc.nat()),
      (events, start, random) => {
        const balances = start.map(BigInt);
        const next = [0, 0, 0, 0];
        const made: CommitCertificate[] = [];
        for (const { from, to, share, isSkip } of events) {
          const amount = ((balances[from] as bigint) * BigInt(share)) / 100n;
          if (from === to || (!isSkip && amount < 2n)) continue;
          const sequence = next[from] as number;
          next[from] = sequence + 1;
          if (isSkip) {
            made.push(skip(payers[from] as Owner, sequence));
            continue;
          }
          made.push(cc(payers[from] as Owner, sequence, payers[to] as Owner, amount - 1n, 1n));
          balances[from] = (balances[from] as bigint) - amount;
          balances[to] = (balances[to] as bigint) + amount - 1n;
        }
        const onChain = holding(
          Object.fromEntries(payers.map((owner, index) => [key(owner), BigInt(start[index] as number)])),
        );
        const shuffled = made
          .map((certificate) => ({ certificate, at: random.next().value as number }))
          .sort((left, right) => left.at - right.at)
          .map(({ certificate }) => certificate);
        const { certificates, isSettleable } = settleOrder(shuffled, onChain);
        expect(isSettleable).toBe(true);
        expect(new Set(certificates)).toEqual(new Set(made));
        expect(passedOver(certificates, onChain)).toEqual([]);
        const lowestFirst = certificates.every(({ slot }, at) =>
          certificates
            .slice(at)
            .every((later) => later.slot.owner !== slot.owner || later.slot.sequence >= slot.sequence),
        );
        expect(lowestFirst).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
