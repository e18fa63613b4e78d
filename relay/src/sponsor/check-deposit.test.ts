import { type Address, type Hex, PATH_USD, toAddress } from '@fastpay/protocol';
import { DEPOSIT_GAS, depositCalls, encodeApprove, encodeTransfer, type TempoTransaction } from '@fastpay/tempo';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAgainstChain, checkDeposit } from './check-deposit.ts';
import type { RefusalReason } from './refusal.ts';

const reserve = toAddress(`0x${'5f'.repeat(20)}`);
const owner = toAddress(`0x${'a1'.repeat(20)}`);
const stranger = toAddress(`0x${'42'.repeat(20)}`);
const rules = {
  domain: { chainId: 31_337n, reserve },
  assets: [PATH_USD],
  gas: DEPOSIT_GAS,
  minimumAmount: 1_000n,
  lifeSeconds: 120n,
};
const good: TempoTransaction = {
  chainId: 31_337n,
  calls: depositCalls(reserve, PATH_USD, owner, 5_000n),
  gas: DEPOSIT_GAS,
  maxFeePerGas: 20_000_000_000n,
  nonceKey: 0n,
  nonce: 3n,
  feeToken: 'sponsor',
  validBefore: 1_060n,
};
const refusal = (reason: RefusalReason) => expect.objectContaining({ code: 'NOT_SPONSORED', reason });
const [approve, deposit] = good.calls;
if (!approve || !deposit) throw new Error('a deposit has two calls');

describe('what a transaction says', () => {
  it('is who is credited with what, and the most that it can cost', () => {
    expect(checkDeposit(good, rules)).toEqual({
      owner,
      asset: PATH_USD,
      amount: 5_000n,
      nonce: 3n,
      maxFeePerGas: 20_000_000_000n,
      validBefore: 1_060n,
      cost: 30_000n,
    });
  });

  it.each<[string, RefusalReason, Partial<TempoTransaction>]>([
    ['another chain', 'chain', { chainId: 1n }],
    ['no call', 'calls', { calls: [] }],
    ['an approval alone', 'calls', { calls: [approve] }],
    ['a deposit alone', 'calls', { calls: [deposit] }],
    ['the calls in another order', 'calls', { calls: [deposit, approve] }],
    ['a third call', 'calls', { calls: [approve, deposit, { to: PATH_USD, data: encodeTransfer(stranger, 1n) }] }],
    ['another reserve', 'calls', { calls: depositCalls(stranger, PATH_USD, owner, 5_000n) }],
    [
      'an approval of another contract',
      'calls',
      { calls: [{ ...approve, data: encodeApprove(stranger, 5_000n) }, deposit] },
    ],
    ['an approval of more', 'calls', { calls: [{ ...approve, data: encodeApprove(reserve, 5_001n) }, deposit] }],
    ['a token that is not listed', 'calls', { calls: depositCalls(reserve, stranger, owner, 5_000n) }],
    ['two tokens', 'calls', { calls: [approve, ...depositCalls(reserve, stranger, owner, 5_000n).slice(1)] }],
    [
      'a transfer in place of the deposit',
      'calls',
      { calls: [approve, { to: reserve, data: encodeTransfer(owner, 5_000n) }] },
    ],
    ['a deposit called on the token', 'calls', { calls: [approve, { ...deposit, to: PATH_USD }] }],
    ['a contract to be created', 'calls', { calls: [approve, { data: deposit.data }] }],
    ['more calldata', 'calls', { calls: [approve, { ...deposit, data: `${deposit.data}00` as Hex }] }],
    ['an amount beyond 64 bits', 'calls', { calls: depositCalls(reserve, PATH_USD, owner, 1n << 64n) }],
    ['too small an amount', 'amount', { calls: depositCalls(reserve, PATH_USD, owner, 999n) }],
    ['a fee token of the sender’s', 'form', { feeToken: PATH_USD }],
    ['more gas', 'gas', { gas: DEPOSIT_GAS + 1n }],
    ['less gas', 'gas', { gas: DEPOSIT_GAS - 1n }],
    ['another lane', 'nonce', { nonceKey: 1n }],
    ['the lane of expiring nonces', 'nonce', { nonceKey: (1n << 256n) - 1n }],
  ])('is not taken with %s', (_, reason, change) => {
    expect(() => checkDeposit({ ...good, ...change }, rules)).toThrowError(refusal(reason));
  });

  it('is not taken without a time limit', () => {
    const { validBefore: _, ...endless } = good;
    expect(() => checkDeposit(endless, rules)).toThrowError(refusal('time'));
  });

  it('is taken exactly when it is a deposit, whatever is changed in the calldata', () => {
    const anyAddress = fc
      .uint8Array({ minLength: 20, maxLength: 20 })
      .map((bytes): Address => toAddress(`0x${Buffer.from(bytes).toString('hex')}`));
    const flips = fc.record({
      call: fc.nat({ max: 1 }),
      at: fc.nat({ max: 400 }),
      digit: fc.integer({ min: 1, max: 15 }),
    });
    fc.assert(
      fc.property(anyAddress, fc.bigInt(1_000n, (1n << 64n) - 1n), flips, (account, amount, { call, at, digit }) => {
        const calls = depositCalls(reserve, PATH_USD, account, amount);
        expect(checkDeposit({ ...good, calls }, rules)).toMatchObject({ owner: account, amount });

        const changed = calls.map((each, index) => {
          if (index !== call) return each;
          const place = 2 + (at % (each.data.length - 2));
          const flipped = (Number.parseInt(each.data.charAt(place), 16) ^ digit).toString(16);
          return { ...each, data: `${each.data.slice(0, place)}${flipped}${each.data.slice(place + 1)}` as Hex };
        });
        // A digit of the account makes it a deposit for somebody else, whose signature it then lacks.
        let result: ReturnType<typeof checkDeposit> | undefined;
        try {
          result = checkDeposit({ ...good, calls: changed }, rules);
        } catch (error) {
          expect(error).toMatchObject({ code: 'NOT_SPONSORED', reason: 'calls' });
        }
        if (result) {
          expect(result.amount).toBe(amount);
          expect(result.owner).not.toBe(account);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('on the chain', () => {
  const view = { latest: { timestamp: 1_000n, baseFee: 1_000_000_000n }, next: 3n };
  const checked = checkDeposit(good, rules);
  const check = (change: Partial<typeof checked>, seen: Partial<typeof view> = {}) =>
    checkAgainstChain({ ...checked, ...change }, { ...view, ...seen }, rules);

  it('it is taken with the next nonce, a short life and a price that suffices', () => {
    check({});
    check({ validBefore: 1_001n });
    check({ validBefore: 1_120n });
    check({ maxFeePerGas: 40_000_000_000n });
    check({ maxFeePerGas: 1_000_000_000n });
  });

  it.each<[string, RefusalReason, Partial<typeof checked>]>([
    ['a used nonce', 'nonce', { nonce: 2n }],
    ['a nonce with a gap before it', 'nonce', { nonce: 4n }],
    ['a time that is over', 'time', { validBefore: 1_000n }],
    ['a longer life', 'time', { validBefore: 1_131n }],
    ['a price below the base fee', 'price', { maxFeePerGas: 999_999_999n }],
    ['a price far above what is asked for', 'price', { maxFeePerGas: 40_000_000_001n }],
  ])('it is not taken with %s', (_, reason, change) => {
    expect(() => check(change)).toThrowError(refusal(reason));
  });
});
