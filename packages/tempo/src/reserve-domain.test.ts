import {
  type Committee,
  committeeHash,
  concatBytes,
  domainSeparator,
  limits,
  orderTypedDataTypes,
  type PaymentOrder,
  quorumStake,
  toAddress,
  toAmount,
  toHash,
  toHex,
  toSequence,
  transactionHashIn,
  unsignedBytes,
  ZERO_HASH,
} from '@fastpay/protocol';
import fc from 'fast-check';
import * as AbiConstructor from 'ox/AbiConstructor';
import * as AbiFunction from 'ox/AbiFunction';
import { hashTypedData } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashIn, quantityIn } from './answers.ts';
import { deployReserve } from './deploy.ts';
import { ethCall } from './eth-call.ts';
import { reserveAbi, reserveBytecode } from './gen/reserve.ts';
import { devAccount } from './node/dev-account.ts';
import { createTempoChain } from './tempo-chain.ts';
import { createTestCommittee } from './testing/committee.fixtures.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((b) => Buffer.from(b).toString('hex'));
const address = bytes(20).map((hex) => toAddress(`0x${hex}`));
const hash = bytes(32).map((hex) => toHash(`0x${hex}`));
const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const orders: fc.Arbitrary<PaymentOrder> = fc.record({
  kind: fc.constantFrom(0 as const, 1 as const),
  sender: address,
  recipient: address,
  asset: address,
  amount: u64.map(toAmount),
  fee: u64.map(toAmount),
  sequence: u64.map(toSequence),
  validUntil: u64,
  memo: hash,
  parents: fc.array(hash, { maxLength: limits.parents }),
});

async function orderDigest(order: PaymentOrder) {
  const data = AbiFunction.encodeData(AbiFunction.fromAbi(reserveAbi, 'orderDigest'), [order]);
  return hashIn(await ethCall(lab.rpc, { to: lab.reserve, data }, 'digest'), 'digest');
}

it('computes the transaction hash of any order as the protocol and other EIP-712 libraries do', async () => {
  await fc.assert(
    fc.asyncProperty(orders, async (order) => {
      const expected = transactionHashIn(order, lab.domain);
      expect(await orderDigest(order)).toBe(expected);
      const { chainId, reserve, salt } = lab.domain;
      const viemHash = hashTypedData({
        domain: { name: 'FastPay', version: '1', chainId: Number(chainId), verifyingContract: reserve, salt },
        types: orderTypedDataTypes,
        primaryType: 'PaymentOrder',
        message: order,
      });
      expect(viemHash).toBe(expected);
    }),
    { numRuns: 100 },
  );
});

it('says of itself what it was deployed with', async () => {
  const info = await lab.chain.reserveInfo();
  expect(info).toEqual({
    committeeHash: committeeHash(lab.committee.committee),
    epoch: 0n,
    salt: lab.domain.salt,
    domainSeparator: domainSeparator(lab.domain),
    depositCount: 0n,
    exitDelaySeconds: 604_800n,
    deploymentHeight: lab.deployHeight,
  });
});

it.each([
  { stakes: [1n], epoch: 0n },
  { stakes: [1n, 1n], epoch: 7n },
  { stakes: [5n, 1n, 1n, 3n, 9n, 2n, 2n], epoch: (1n << 64n) - 1n },
  { stakes: Array.from({ length: 128 }, (_, index) => BigInt(index + 1)), epoch: 1n },
  { stakes: [(1n << 64n) - 3n, 1n, 1n], epoch: 0n },
])('knows the committee of stakes $stakes by its hash and quorum', async ({ stakes, epoch }) => {
  const { committee } = createTestCommittee(stakes, epoch);
  const { address: reserve } = await deploy(committee);
  const chain = createTempoChain({ rpcUrl: lab.node.rpcUrl, reserve });
  expect(await chain.reserveInfo()).toMatchObject({ committeeHash: committeeHash(committee), epoch });
  const data = AbiFunction.encodeData(AbiFunction.fromAbi(reserveAbi, 'quorum'));
  const quorum = await ethCall(lab.rpc, { to: reserve, data }, 'quorum');
  expect(quantityIn(quorum, 'quorum')).toBe(quorumStake(committee));
});

describe('refuses a committee', () => {
  const member = (number: number, stake: bigint) => concatBytes(unsignedBytes(number, 20), unsignedBytes(stake, 8));
  const MAX = (1n << 64n) - 1n;

  it.each([
    ['without members', new Uint8Array(0)],
    ['that ends inside a member', concatBytes(member(1, 1n), member(2, 1n).slice(0, 27))],
    ['of more than 128', concatBytes(...Array.from({ length: 129 }, (_, index) => member(index + 1, 1n)))],
    ['with a member twice', concatBytes(member(1, 1n), member(2, 1n), member(1, 1n))],
    ['with the zero address', concatBytes(member(1, 1n), member(0, 1n))],
    ['with a member without stake', concatBytes(member(1, 1n), member(2, 0n))],
    ['whose stake exceeds 64 bits', concatBytes(member(1, MAX), member(2, 1n))],
  ])('%s', async (_, packed) => {
    const args = [toHex(concatBytes(new Uint8Array(8), packed)), ZERO_HASH, 60n, ZERO_HASH] as const;
    const data = AbiConstructor.encode(AbiConstructor.fromAbi(reserveAbi), { bytecode: reserveBytecode, args });
    await expect(lab.send(lab.treasury, [{ data }])).rejects.toMatchObject({ code: 'REVERTED' });
  });
});

it('never has the same salt twice, not even for one address on two chains of the same id', async () => {
  const other = await startLab({ node: { chainId: Number(lab.domain.chainId) } });
  try {
    expect(other.reserve).toBe(lab.reserve);
    expect(other.domain.salt).not.toBe(lab.domain.salt);
    const again = await deploy(lab.committee.committee);
    expect(again.salt).not.toBe(lab.domain.salt);
  } finally {
    await other.stop();
  }
});

function deploy(committee: Committee) {
  return deployReserve({ rpcUrl: lab.node.rpcUrl, signer: devAccount(2), committee, exitDelaySeconds: 60n });
}
