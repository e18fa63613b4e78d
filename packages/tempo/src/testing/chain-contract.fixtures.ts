import type { PayerSigner } from '@fastpay/crypto';
import {
  type AccountId,
  type CommitCertificate,
  PATH_USD,
  type PaymentOrder,
  type SignerSignature,
  type Slot,
  toSequence,
} from '@fastpay/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TempoChain } from '../chain.ts';
import type { ReserveWriter } from '../reserve-writer.ts';
import { createOrder } from './committee.fixtures.ts';
import { createPayer } from './payers.fixtures.ts';

/** A chain with a reserve that nobody else uses, and what a test can do to it. */
export interface ChainUnderTest {
  readonly chain: TempoChain;
  readonly exitDelaySeconds: bigint;
  writer(signer: PayerSigner): ReserveWriter;
  /** Tokens for the account on the chain itself, enough to pay for gas too. */
  fund(account: AccountId, amount: bigint): Promise<void>;
  tokens(account: AccountId): Promise<bigint>;
  certify(order: PaymentOrder, payer: PayerSigner): Promise<CommitCertificate>;
  certifySkip(slot: Slot): Promise<CommitCertificate>;
  /** By the committee's members of these indices, ascending. */
  attest(certificates: readonly CommitCertificate[], signers: readonly number[]): Promise<readonly SignerSignature[]>;
  /** Resolves after one more block. */
  nextBlock(): Promise<void>;
  /** Abandons the blocks from this height on for others without their transactions. */
  abandonFrom(height: bigint): Promise<void>;
  /** Later blocks are that much later. */
  passTime(seconds: bigint): Promise<void>;
  stop(): Promise<void>;
}

const USD = 1_000_000n;
/** Paid by each owner for gas, where there is gas. */
const GAS_MONEY = 1_000n * USD;

/** What every chain of the port must do (§6, §10); `open` gives one with a fresh reserve. */
export function chainContract(name: string, open: () => Promise<ChainUnderTest>): void {
  describe(`${name} as a settlement chain`, () => {
    let world: ChainUnderTest;
    let settler: ReserveWriter;
    let created = 700_000;
    beforeAll(async () => {
      world = await open();
      const signer = newSigner();
      await world.fund(account(signer), GAS_MONEY);
      settler = world.writer(signer);
    });
    afterAll(() => world?.stop());

    const account = ({ address }: Pick<PayerSigner, 'address'>): AccountId => ({ owner: address, asset: PATH_USD });
    function newSigner(): PayerSigner {
      created += 1;
      return createPayer('secp256k1', created);
    }

    async function until<Value>(find: () => Promise<Value | undefined>): Promise<Value> {
      for (let block = 0; block < 200; block++) {
        const found = await find();
        if (found !== undefined) return found;
        await world.nextBlock();
      }
      throw new Error('it did not happen within 200 blocks');
    }

    /** The events of all blocks, of one owner. */
    async function eventsOf(owner: PayerSigner) {
      const { latest } = await world.chain.head();
      const isOwn = (event: { readonly account: AccountId }) => event.account.owner === owner.address;
      const { deposits, settlements, exits } = await world.chain.events(0n, latest.height);
      // Asked for one by one, the same.
      expect(await world.chain.deposits(0n, latest.height)).toEqual(deposits);
      expect(await world.chain.settlements(0n, latest.height)).toEqual(settlements);
      expect(await world.chain.exits(0n, latest.height)).toEqual(exits);
      return {
        deposits: deposits.filter(isOwn),
        settlements: settlements.filter(isOwn),
        exits: exits.filter(isOwn),
      };
    }

    /** Somebody with a deposit that is in a block. */
    async function depositor(amount = 10n * USD): Promise<PayerSigner> {
      const signer = newSigner();
      await world.fund(account(signer), amount + GAS_MONEY);
      await world.writer(signer).submit({ type: 'deposit', account: account(signer), amount });
      await until(async () => (await eventsOf(signer)).deposits[0]);
      return signer;
    }

    const pay = (payer: PayerSigner, recipient: PayerSigner, sequence: bigint, amount = USD) =>
      world.certify(
        createOrder({ sender: payer.address, recipient: recipient.address, amount, sequence, fee: 2_000n }),
        payer,
      );

    async function settled(payer: PayerSigner, count: number) {
      return until(async () => {
        const { settlements } = await eventsOf(payer);
        return settlements.length >= count ? settlements : undefined;
      });
    }

    it('numbers deposits without gaps and says where they are', async () => {
      const { depositCount } = await world.chain.reserveInfo();
      const first = await depositor(5n * USD);
      const second = await depositor(7n * USD);
      const { height } = (await world.chain.head()).latest;
      const deposits = await world.chain.deposits(0n, height);
      const fresh = deposits.filter(({ index }) => index >= depositCount);
      expect(fresh.map(({ index, amount, account: { owner } }) => ({ index, amount, owner }))).toEqual([
        { index: depositCount, amount: 5n * USD, owner: first.address },
        { index: depositCount + 1n, amount: 7n * USD, owner: second.address },
      ]);
      for (const { block } of fresh) expect(await world.chain.block(block.height)).toEqual(block);
      expect(await world.chain.accountOnChain(account(first))).toMatchObject({ balance: 5n * USD });
      expect((await world.chain.reserveInfo()).depositCount).toBe(depositCount + 2n);
    });

    it('moves finality forward only, behind the latest block', async () => {
      const before = await world.chain.head();
      const after = await until(async () => {
        const head = await world.chain.head();
        return head.finalized.height > before.latest.height ? head : undefined;
      });
      expect(after.latest.height).toBeGreaterThanOrEqual(after.finalized.height);
      expect(await world.chain.block(before.latest.height)).toEqual(before.latest);
      expect(await world.chain.block(after.latest.height + 1_000n)).toBeUndefined();
    });

    it('settles a batch, owes the fees to the settler, and tells each slot once', async () => {
      const alice = await depositor();
      const bob = newSigner();
      const certificates = [await pay(alice, bob, 0n), await pay(alice, bob, 1n)];
      const before = (await eventsOf(alice)).settlements.length;
      const { transactionHash, validBefore } = await settler.submit({ type: 'settle', certificates });
      const settlements = await settled(alice, 2);
      expect(before).toBe(0);
      expect(settlements).toMatchObject(
        certificates.map(({ slot, value }) => ({ sequence: slot.sequence, value, settlement: { transactionHash } })),
      );
      expect(settlements[0]?.settlement.block.timestamp).toBeLessThan(validBefore);
      expect(await world.chain.accountOnChain(account(bob))).toMatchObject({ balance: 2n * USD });
      expect(await world.chain.accountOnChain(account(alice))).toMatchObject({
        balance: 8n * USD - 4_000n,
        nextSequence: 2n,
      });
      expect(await world.chain.accountOnChain({ owner: settler.address, asset: PATH_USD })).toMatchObject({
        owed: 4_000n,
      });
    });

    it('tells what became of a transaction and what it cost, once it is in a block', async () => {
      const alice = await depositor();
      const certificates = [await pay(alice, newSigner(), 0n)];
      const before = (await settler.funds()).balance;
      const { transactionHash } = await settler.submit({ type: 'settle', certificates });
      await settled(alice, 1);
      const outcome = await settler.outcome(transactionHash);
      expect(outcome).toMatchObject({ succeeded: true, settled: [{ account: account(alice), sequence: 0n }] });
      expect(before - (await settler.funds()).balance).toBe(outcome?.cost);
      const { transactionHash: vain } = await settler.submit({ type: 'cancelExit', asset: PATH_USD });
      const failed = await until(() => settler.outcome(vain));
      expect(failed).toMatchObject({ succeeded: false, settled: [] });
      expect(await settler.outcome(`0x${'77'.repeat(32)}` as typeof vain)).toBeUndefined();
    });

    it('settles a batch that a quorum attests, and nothing of one that it does not', async () => {
      const alice = await depositor();
      const certificates = [await pay(alice, newSigner(), 0n), await pay(alice, newSigner(), 1n)];
      const wrong = { certificates, attestation: await world.attest(certificates.slice(1), [0, 1, 2]) };
      const few = { certificates, attestation: await world.attest(certificates, [0, 3]) };
      await expect(settler.preview(wrong)).rejects.toMatchObject({ name: 'TempoError' });
      await expect(settler.preview(few)).rejects.toMatchObject({ name: 'TempoError' });
      const { transactionHash: vain } = await settler.submit({ type: 'settle', ...wrong });
      expect(await until(() => settler.outcome(vain))).toMatchObject({ succeeded: false, settled: [] });
      const right = { certificates, attestation: await world.attest(certificates, [0, 2, 3]) };
      expect(await settler.preview(right)).toEqual(['SETTLED', 'SETTLED']);
      await settler.submit({ type: 'settle', ...right });
      await settled(alice, 2);
    });

    it('passes over what was settled, breaks nothing when two settle the same, and previews that', async () => {
      const alice = await depositor();
      const batch = { certificates: [await pay(alice, newSigner(), 0n)] };
      expect(await settler.preview(batch)).toEqual(['SETTLED']);
      const submissions = await Promise.all([
        settler.submit({ type: 'settle', ...batch }),
        settler.submit({ type: 'settle', ...batch }),
      ]);
      expect(new Set(submissions.map(({ transactionHash }) => transactionHash)).size).toBe(2);
      await settled(alice, 1);
      for (let block = 0; block < 3; block++) await world.nextBlock();
      expect((await eventsOf(alice)).settlements).toHaveLength(1);
      expect(await settler.preview(batch)).toEqual(['ALREADY_SETTLED']);
    });

    it('says why entries are not settleable, and settles the others', async () => {
      const alice = await depositor(2n * USD);
      const poor = newSigner();
      const certificates = [
        await pay(poor, alice, 0n),
        await pay(alice, poor, 0n),
        await pay(poor, alice, 0n, 900_000n),
        await pay(alice, poor, 65n),
      ];
      const expected = ['INSUFFICIENT_BALANCE', 'SETTLED', 'SETTLED', 'OUT_OF_ORDER'];
      expect(await settler.preview({ certificates })).toEqual(expected);
      await settler.submit({ type: 'settle', certificates });
      await settled(poor, 1);
      expect(await world.chain.accountOnChain(account(poor))).toMatchObject({ balance: 98_000n, nextSequence: 1n });
    });

    it('settles the slots of an account one after the other, over a SKIP too', async () => {
      const alice = await depositor();
      const bob = newSigner();
      const later = await pay(alice, bob, 1n);
      expect(await settler.preview({ certificates: [later] })).toEqual(['OUT_OF_ORDER']);
      const skip = await world.certifySkip({ ...account(alice), sequence: toSequence(0n) });
      await settler.submit({ type: 'settle', certificates: [skip, later] });
      await settled(alice, 2);
      expect(await world.chain.accountOnChain(account(alice))).toMatchObject({ nextSequence: 2n });
    });

    it('forgets what was in abandoned blocks, and takes it again', async () => {
      const alice = await depositor();
      const certificates = [await pay(alice, newSigner(), 0n)];
      await settler.submit({ type: 'settle', certificates });
      for (const { settlement } of await settled(alice, 1)) await world.abandonFrom(settlement.block.height);
      expect((await eventsOf(alice)).settlements).toEqual([]);
      expect(await world.chain.accountOnChain(account(alice))).toMatchObject({ balance: 10n * USD, nextSequence: 0n });
      await settler.submit({ type: 'settle', certificates });
      await settled(alice, 1);
    });

    it('lets an owner exit after the delay and not before, or cancel', async () => {
      const alice = await depositor();
      const own = world.writer(alice);
      await own.submit({ type: 'requestExit', asset: PATH_USD });
      const requested = await until(async () => (await eventsOf(alice)).exits[0]);
      if (requested.type !== 'requested') throw new Error('an exit begins with its request');
      expect(requested.readyAt).toBe(requested.block.timestamp + world.exitDelaySeconds);
      // Too early: it is in a block and does nothing, or no node takes it.
      await own.submit({ type: 'exit', asset: PATH_USD }).catch(() => undefined);
      await own.submit({ type: 'cancelExit', asset: PATH_USD });
      await until(async () => (await eventsOf(alice)).exits[1]);
      await own.submit({ type: 'requestExit', asset: PATH_USD });
      await until(async () => (await eventsOf(alice)).exits[2]);
      await world.passTime(world.exitDelaySeconds);
      await world.nextBlock();
      const before = await world.tokens(account(alice));
      await own.submit({ type: 'exit', asset: PATH_USD });
      const { exits } = await until(async () => {
        const events = await eventsOf(alice);
        return events.exits[3] ? events : undefined;
      });
      expect(exits.map(({ type }) => type)).toEqual(['requested', 'cancelled', 'requested', 'executed']);
      expect(exits[3]).toMatchObject({ amount: 10n * USD });
      expect(await world.chain.accountOnChain(account(alice))).toMatchObject({ balance: 0n });
      // Less what the exit's gas cost.
      expect(await world.tokens(account(alice))).toBeGreaterThan(before + 9n * USD);
    });
  });
}
