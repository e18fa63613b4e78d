import { type Committee, committeeHash, type Domain, PATH_USD } from '@fastpay/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeReserveEvents } from './reserve-events.ts';
import { encodeRotate, rotationDigest } from './rotate.ts';
import { settle, settleAttested } from './settle.ts';
import { batchEntries } from './settle-calldata.ts';
import { attest, createOrder, createTestCommittee, signAll, type TestCommittee } from './testing/committee.fixtures.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer } from './testing/payers.fixtures.ts';

/** One committee hands over to the next (§6). The tests go on from one another: there is one reserve. */

const DELAY = 3_600n;
const alice = createPayer('secp256k1', 1);
const bob = createPayer('secp256k1', 2);
const [first, second, third] = [
  createTestCommittee([1n, 1n, 1n, 1n]),
  // W = 10, v = 4, q = 7.
  createTestCommittee([5n, 2n, 2n, 1n], 1n),
  createTestCommittee([1n, 1n, 1n, 1n], 2n),
];

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ committee: first, exitDelaySeconds: DELAY });
  await lab.deposit([{ account: alice.address, amount: 1_000n }]);
});
afterAll(() => lab.stop());

interface Attempt {
  readonly from: TestCommittee;
  readonly to: TestCommittee;
  readonly signers?: readonly number[];
  readonly domain?: Domain;
  /** Signed for in the place of `to`. */
  readonly signedFor?: Committee;
}

async function rotate({ from, to, signers, domain = lab.domain, signedFor = to.committee }: Attempt) {
  const signatures = await signAll(rotationDigest(domain, signedFor), { committee: from, signers });
  const data = encodeRotate({ committee: to.committee, present: from.committee, signatures });
  return lab.send(lab.settler, [{ to: lab.reserve, data }], 5_000_000n);
}
const refused = (attempt: Attempt) => expect(rotate(attempt)).rejects.toMatchObject({ code: 'REVERTED' });

async function pay(by: TestCommittee, sequence: bigint, signers?: readonly number[]) {
  const order = createOrder({ sender: alice.address, recipient: bob.address, amount: 10n, fee: 0n, sequence });
  const certificate = await lab.certify(order, alice, { committee: by, signers });
  const options = { rpcUrl: lab.node.rpcUrl, reserve: lab.reserve, signer: lab.settler, committee: by.committee };
  return settle({ ...options, certificates: [certificate], feeToken: PATH_USD });
}

it('refuses less than a quorum, strangers, another network, and what was signed for another committee', async () => {
  await refused({ from: first, to: second, signers: [0, 1] });
  await refused({ from: first, to: second, signers: [1, 0, 2] });
  await refused({ from: first, to: second, signers: [0, 0, 1] });
  await refused({ from: second, to: third });
  await refused({ from: first, to: second, domain: { ...lab.domain, chainId: 7n } });
  await refused({ from: first, to: second, signedFor: createTestCommittee([1n, 1n], 1n).committee });
  expect(await lab.chain.reserveInfo()).toMatchObject({ epoch: 0n, committeeHash: committeeHash(first.committee) });
});

it('refuses any epoch but the next, and a committee that is none', async () => {
  await refused({ from: first, to: createTestCommittee([1n, 1n], 0n) });
  await refused({ from: first, to: third });
  const [member] = second.committee.members;
  if (!member) throw new Error('a committee has members');
  const twice = { ...second, committee: { epoch: 1n, members: [member, { ...member, name: 'again' }] } };
  await refused({ from: first, to: twice });
});

it('hands over by a quorum of the present committee', async () => {
  const receipt = await rotate({ from: first, to: second, signers: [1, 2, 3] });
  const hash = committeeHash(second.committee);
  expect(decodeReserveEvents(receipt.logs, lab.reserve)).toMatchObject([
    { type: 'rotated', epoch: 1n, committeeHash: hash },
  ]);
  expect(await lab.chain.reserveInfo()).toMatchObject({ epoch: 1n, committeeHash: hash });
  // By the new committee's stakes: 4 + 2 + 1 would be too few heads for nothing, 5 + 2 are enough.
  expect((await pay(second, 0n, [0, 1])).outcomes).toEqual(['SETTLED']);
  expect((await pay(second, 1n, [1, 2, 3])).outcomes).toEqual(['NO_QUORUM']);
});

it('is not repeated by its own signatures, nor can the old committee choose again', async () => {
  await refused({ from: first, to: second });
  await refused({ from: first, to: createTestCommittee([1n], 1n) });
  await refused({ from: first, to: third });
});

it('lets what the old committee certified or attests settle for the delay, and no longer', async () => {
  expect((await pay(first, 1n)).outcomes).toEqual(['SETTLED']);
  const order = createOrder({ sender: alice.address, recipient: bob.address, amount: 10n, fee: 0n, sequence: 2n });
  const certificates = [await lab.certify(order, alice, { committee: first })];
  expect((await lab.settleAttested(certificates, { committee: first })).outcomes).toEqual(['SETTLED']);

  await rotate({ from: second, to: third, signers: [0, 1] });
  // Two committees back is as good as one within its own delay.
  expect((await pay(first, 3n)).outcomes).toEqual(['SETTLED']);
  expect((await pay(second, 4n, [0, 1])).outcomes).toEqual(['SETTLED']);
  await lab.rpc.request('evm_increaseTime', [Number(DELAY) + 60]);
  await expect(pay(first, 5n)).rejects.toMatchObject({ code: 'REVERTED' });
  await expect(pay(second, 5n, [0, 1])).rejects.toMatchObject({ code: 'REVERTED' });
  expect((await pay(third, 5n)).outcomes).toEqual(['SETTLED']);
  expect(await lab.balance(bob.address)).toBe(60n);
});

it('takes an attestation of one epoch for no other', async () => {
  const order = createOrder({ sender: alice.address, recipient: bob.address, amount: 10n, fee: 0n, sequence: 6n });
  const certificates = [await lab.certify(order, alice, { committee: third })];
  const attestation = await attest(batchEntries(certificates), { domain: lab.domain, committee: third, epoch: 1n });
  const options = { rpcUrl: lab.node.rpcUrl, reserve: lab.reserve, signer: lab.settler, gas: 3_000_000n };
  const promise = settleAttested({ ...options, certificates, attestation, committee: third.committee });
  await expect(promise).rejects.toMatchObject({ code: 'REVERTED' });
});
