import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hash, round, slot, u64 } from './arbitraries.fixtures.ts';
import { hashFromBytes, toAddress, toHash, toSequence, ZERO_HASH } from './brand.ts';
import { toHex, unsignedBytes } from './bytes.ts';
import {
  accountStatementBytes,
  batchAttestationDigest,
  batchHash,
  commitDigest,
  newRoundDigest,
  promiseBytes,
  proposeDigest,
  voteBytes,
} from './messages.ts';
import { PATH_USD } from './slot.ts';

const context = { separator: toHash(`0x${'5a'.repeat(32)}`), epoch: 0n };
const ballot = {
  slot: { owner: toAddress(`0x${'a1'.repeat(20)}`), asset: PATH_USD, sequence: toSequence(7n) },
  round: 0,
  value: toHash(`0x${'0b'.repeat(32)}`),
};
const number = (value: bigint | number, size: number) => toHex(unsignedBytes(value, size)).slice(2);
const text = (tag: string) => Buffer.from(`${tag}\0`).toString('hex');
const refusal = expect.objectContaining({ code: 'INVALID_FORMAT' });

describe('messages signed with Ed25519', () => {
  const ballots = fc.record({ slot, round, value: hash });
  const contexts = fc.record({ separator: hash, epoch: u64 });

  it('are laid out as §4 says: votes', () => {
    fc.assert(
      fc.property(contexts, ballots, (ctx, each) => {
        expect(toHex(voteBytes(ctx, each))).toBe(
          `0x${text('fastpay.vote.v1')}${ctx.separator.slice(2)}${number(ctx.epoch, 8)}${each.slot.owner.slice(2)}${each.slot.asset.slice(2)}${number(each.slot.sequence, 8)}${number(each.round, 8)}${each.value.slice(2)}`,
        );
      }),
    );
  });

  it('are laid out as §4 says: promises', () => {
    const locks = fc.option(fc.record({ epoch: u64, round, value: hash }), { nil: undefined });
    fc.assert(
      fc.property(contexts, ballots, locks, (ctx, each, lock) => {
        const locked = lock
          ? `01${number(lock.epoch, 8)}${number(lock.round, 8)}${lock.value.slice(2)}`
          : '00'.repeat(49);
        expect(toHex(promiseBytes(ctx, each.slot, each.round, lock))).toBe(
          `0x${text('fastpay.promise.v1')}${ctx.separator.slice(2)}${number(ctx.epoch, 8)}${each.slot.owner.slice(2)}${each.slot.asset.slice(2)}${number(each.slot.sequence, 8)}${number(each.round, 8)}${locked}`,
        );
      }),
    );
  });

  it('tell a promise without a lock from one that is locked on SKIP', () => {
    const free = promiseBytes(context, ballot.slot, 1, undefined);
    const locked = promiseBytes(context, ballot.slot, 1, { epoch: 0n, round: 0, value: ZERO_HASH });
    expect(locked).toHaveLength(free.length);
    expect(toHex(locked)).not.toBe(toHex(free));
  });

  it('are laid out as §4 says: account statements', () => {
    const balances = fc.bigInt({ min: -(1n << 127n), max: (1n << 127n) - 1n });
    const nonces = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(
        contexts,
        slot,
        balances,
        u64,
        u64,
        hash,
        u64,
        nonces,
        (ctx, account, balance, next, height, block, now, nonce) => {
          const bytes = accountStatementBytes(ctx, {
            account,
            balance,
            next,
            finalizedHeight: height,
            finalizedHash: block,
            unixMillis: now,
            clientNonce: nonce,
          });
          const signed = BigInt.asUintN(128, balance);
          expect(toHex(bytes)).toBe(
            `0x${text('fastpay.account.v1')}${ctx.separator.slice(2)}${number(ctx.epoch, 8)}${account.owner.slice(2)}${account.asset.slice(2)}${number(signed, 16)}${number(next, 8)}${number(height, 8)}${block.slice(2)}${number(now, 8)}${toHex(nonce).slice(2)}`,
          );
        },
      ),
    );
  });

  it('refuse a nonce of another length and numbers out of range', () => {
    const statement = {
      account: ballot.slot,
      balance: 0n,
      next: 0n,
      finalizedHeight: 0n,
      finalizedHash: ZERO_HASH,
      unixMillis: 0n,
      clientNonce: new Uint8Array(16),
    };
    for (const change of [
      { clientNonce: new Uint8Array(15) },
      { clientNonce: new Uint8Array(17) },
      { balance: 1n << 127n },
      { next: 1n << 64n },
      { unixMillis: -1n },
    ]) {
      expect(() => accountStatementBytes(context, { ...statement, ...change })).toThrowError(refusal);
    }
    expect(() => voteBytes({ ...context, epoch: 1n << 64n }, ballot)).toThrowError(refusal);
    expect(() => voteBytes(context, { ...ballot, round: 0.5 })).toThrowError(refusal);
  });
});

function batchEntry(index: number) {
  return {
    account: ballot.slot.owner,
    asset: ballot.slot.asset,
    sequence: BigInt(index),
    value: hashFromBytes(unsignedBytes(index, 32)),
  };
}

describe('digests signed with secp256k1 or by the owner', () => {
  it('never coincide between message types', () => {
    const digests = [
      commitDigest(context, ballot),
      proposeDigest(context, ballot),
      newRoundDigest(context, ballot.slot, ballot.round),
      batchAttestationDigest(context, [batchEntry(7)]),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('change with every field of a ballot', () => {
    const others = [
      ballot,
      { ...ballot, round: 1 },
      { ...ballot, value: ZERO_HASH },
      { ...ballot, slot: { ...ballot.slot, sequence: toSequence(8n) } },
      { ...ballot, slot: { ...ballot.slot, owner: toAddress(`0x${'a2'.repeat(20)}`) } },
      { ...ballot, slot: { ...ballot.slot, asset: toAddress(`0x${'a2'.repeat(20)}`) } },
    ];
    for (const digest of [commitDigest, proposeDigest]) {
      const digests = others.map((each) => digest(context, each));
      digests.push(digest({ ...context, epoch: 1n }, ballot), digest({ ...context, separator: ZERO_HASH }, ballot));
      expect(new Set(digests).size).toBe(digests.length);
    }
  });

  it('hash a batch in its order', () => {
    const [one, two] = [batchEntry(1), batchEntry(2)];
    const hashes = [[], [one], [one, two], [two, one]].map(batchHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('name the one asset of a batch', () => {
    const entry = batchEntry(1);
    const other = { ...entry, asset: toAddress(`0x${'a2'.repeat(20)}`) };
    expect(batchAttestationDigest(context, [other])).not.toBe(batchAttestationDigest(context, [entry]));
    for (const entries of [[], [entry, other]]) {
      expect(() => batchAttestationDigest(context, entries)).toThrowError(
        expect.objectContaining({ code: 'INVALID_FORMAT' }),
      );
    }
  });
});
