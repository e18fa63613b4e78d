import { createNodeSecp256k1Signer } from '@fastpay/crypto/node';
import { PATH_USD, unsignedBytes } from '@fastpay/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEPOSIT_GAS, signDeposit } from './deposit.ts';
import { addFeePayer, readAwaitingFeePayer } from './fee-payer.ts';
import { latestBlock } from './latest-block.ts';
import { waitForReceipt } from './receipt.ts';
import { acceptSponsored, type DepositForSponsor, signDepositForSponsor } from './sponsored-deposit.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer, type PayerKind, payerKinds } from './testing/payers.fixtures.ts';
import { type SignedTransaction, sendTransaction, transactionCount } from './transaction.ts';

/** What wallet and sponsor lean on, on a real node: who pays, and that at most one of two deposits happens. */

const sponsor = createNodeSecp256k1Signer(unsignedBytes(4_711, 32));
const terms = { gas: DEPOSIT_GAS, maxFeePerGas: 20_000_000_000n, lifeSeconds: 120n, minimumAmount: 1n };
const AMOUNT = 1_000_000n;

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await lab.fund([{ account: sponsor.address, amount: 50_000_000n }]);
});
afterAll(() => lab.stop());

let created = 500;
async function newPayer(kind: PayerKind = 'secp256k1', amount = AMOUNT) {
  created += 1;
  const signer = createPayer(kind, created);
  await lab.fund([{ account: signer.address, amount }]);
  return signer;
}

type Signer = Awaited<ReturnType<typeof newPayer>>;
const request = (changes: Partial<typeof terms> = {}) => ({
  network: { domain: lab.domain },
  asset: PATH_USD,
  amount: AMOUNT,
  terms: { ...terms, ...changes },
});
async function paidFor(deposit: DepositForSponsor, signer: Signer) {
  const awaiting = readAwaitingFeePayer(deposit.rawTransaction);
  const { rawTransaction } = await addFeePayer(awaiting, { feeToken: PATH_USD, sender: signer.address }, sponsor);
  return await acceptSponsored(deposit, rawTransaction);
}

describe.each(payerKinds)('with a %s key', (kind) => {
  it('a whole balance is deposited by an account that never did anything; the sponsor pays', async () => {
    const signer = await newPayer(kind);
    const before = await lab.tokens(sponsor.address);
    const deposit = await signDepositForSponsor(request(), { rpc: lab.rpc, signer });
    const signed = await paidFor(deposit, signer);
    expect(signed.validBefore).toBe(deposit.validBefore);
    await waitForReceipt(lab.rpc, await sendTransaction(lab.rpc, signed));
    expect(await lab.balance(signer.address)).toBe(AMOUNT);
    expect(await lab.tokens(signer.address)).toBe(0n);
    expect(await lab.tokens(sponsor.address)).toBeLessThan(before);
  });
});

it('is nothing that a node takes before the sponsor has signed', async () => {
  const signer = await newPayer();
  const { rawTransaction } = await signDepositForSponsor(request(), { rpc: lab.rpc, signer });
  await expect(lab.rpc.request('eth_sendRawTransaction', [rawTransaction])).rejects.toMatchObject({ code: 'REFUSED' });
  expect(await transactionCount(lab.rpc, signer.address)).toBe(0n);
});

/** Some nodes refuse what can never be included, some answer with its hash and drop it. */
async function sendInVain(signed: SignedTransaction): Promise<void> {
  await sendTransaction(lab.rpc, signed).catch(() => undefined);
}

it.each([
  ['the sponsored one first', [0, 1]],
  ['the other one first', [1, 0]],
])('at most one of a sponsored deposit and the one in its place happens: %s', async (_, order) => {
  const signer = await newPayer('secp256k1', 3n * AMOUNT);
  const dependencies = { rpc: lab.rpc, signer };
  const deposit = await signDepositForSponsor(request(), dependencies);
  const both = [await paidFor(deposit, signer), await signDeposit({ ...request(), inPlaceOf: deposit }, dependencies)];
  const [first, second] = order.flatMap((index) => both[index] ?? []);
  if (!first || !second) throw new Error('expected two transactions');
  await waitForReceipt(lab.rpc, await sendTransaction(lab.rpc, first));
  await sendInVain(second);
  await expect(waitForReceipt(lab.rpc, second.transactionHash, { timeoutMs: 500 })).rejects.toMatchObject({
    code: 'NOT_INCLUDED',
  });
  expect(await lab.balance(signer.address)).toBe(AMOUNT);
  expect(await transactionCount(lab.rpc, signer.address)).toBe(1n);
});

it('at most one of the two happens when both are sent at once', async () => {
  const signer = await newPayer('secp256k1', 3n * AMOUNT);
  const dependencies = { rpc: lab.rpc, signer };
  const deposit = await signDepositForSponsor(request(), dependencies);
  const sponsored = await paidFor(deposit, signer);
  const own = await signDeposit({ ...request(), inPlaceOf: deposit }, dependencies);
  await Promise.all([sendInVain(sponsored), sendInVain(own)]);
  const outcomes = await Promise.allSettled(
    [sponsored, own].map(({ transactionHash }) => waitForReceipt(lab.rpc, transactionHash, { timeoutMs: 1_000 })),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await lab.balance(signer.address)).toBe(AMOUNT);
});

it('a second one for the sponsor takes the place of the first', async () => {
  const signer = await newPayer();
  const dependencies = { rpc: lab.rpc, signer };
  const first = await signDepositForSponsor(request(), dependencies);
  await waitForReceipt(lab.rpc, await sendTransaction(lab.rpc, await paidFor(first, signer)));
  await lab.fund([{ account: signer.address, amount: AMOUNT }]);
  const second = await signDepositForSponsor({ ...request(), inPlaceOf: first }, dependencies);
  expect(second.nonce).toBe(first.nonce);
  const { validBefore } = first;
  const third = await signDepositForSponsor(
    { ...request(), inPlaceOf: { nonce: 0n, validBefore: validBefore - 1_000n } },
    dependencies,
  );
  expect(third.nonce).toBe(1n);
});

it('a deposit in the place of one whose time is over takes the next nonce, and has no time limit', async () => {
  const signer = await newPayer('secp256k1', 3n * AMOUNT);
  const { timestamp } = await latestBlock(lab.rpc);
  const over = { nonce: 7n, validBefore: timestamp };
  const own = await signDeposit({ ...request(), inPlaceOf: over }, { rpc: lab.rpc, signer });
  expect(own.validBefore).toBeUndefined();
  await waitForReceipt(lab.rpc, await sendTransaction(lab.rpc, own));
  expect(await lab.balance(signer.address)).toBe(AMOUNT);
});

it('is never included after its time', async () => {
  const signer = await newPayer();
  const deposit = await signDepositForSponsor(request({ lifeSeconds: 1n }), { rpc: lab.rpc, signer });
  const signed = await paidFor(deposit, signer);
  await lab.rpc.request('evm_increaseTime', [5]);
  await lab.rpc.request('evm_mine', []);
  await expect(sendTransaction(lab.rpc, signed)).rejects.toMatchObject({ code: 'REFUSED' });
});

it('can be included for two hours at most, whatever the sponsor wants', async () => {
  const signer = await newPayer();
  const { timestamp } = await latestBlock(lab.rpc);
  const endless = request({ lifeSeconds: (1n << 64n) - 1n });
  const { validBefore } = await signDepositForSponsor(endless, { rpc: lab.rpc, signer });
  expect(validBefore - timestamp).toBeGreaterThanOrEqual(7_200n);
  expect(validBefore - timestamp).toBeLessThan(7_300n);
});

it('a sponsor without money is noticed when the deposit is sent', async () => {
  const signer = await newPayer();
  const poor = createNodeSecp256k1Signer(unsignedBytes(4_712, 32));
  const deposit = await signDepositForSponsor(request(), { rpc: lab.rpc, signer });
  const awaiting = readAwaitingFeePayer(deposit.rawTransaction);
  const signed = await addFeePayer(awaiting, { feeToken: PATH_USD, sender: signer.address }, poor);
  await expect(sendTransaction(lab.rpc, signed)).rejects.toMatchObject({ code: 'REFUSED' });
});

it('nothing is signed for an amount that the account does not hold, or that the sponsor finds too small', async () => {
  const signer = await newPayer('secp256k1', AMOUNT - 1n);
  const dependencies = { rpc: lab.rpc, signer };
  await expect(signDepositForSponsor(request(), dependencies)).rejects.toMatchObject({
    code: 'INSUFFICIENT_FUNDS',
    facts: { missing: 1n },
  });
  await expect(signDepositForSponsor(request({ minimumAmount: AMOUNT + 1n }), dependencies)).rejects.toMatchObject({
    code: 'NOT_SPONSORED',
  });
  await expect(signDepositForSponsor({ ...request(), amount: 0n }, dependencies)).rejects.toMatchObject({
    code: 'INVALID_FORMAT',
  });
});
