import {
  type CommitCertificate,
  committeeIdentityHash,
  encodeCertificate,
  PATH_USD,
  toAddress,
  toHash,
  toHex,
} from '@fastpay/protocol';
import { decodeFunctionData, toFunctionSelector } from 'viem';
import { expect, it } from 'vitest';
import { reserveAbi } from './gen/reserve.ts';
import { encodeSettle, encodeSettleEntries, settleGas, withFewestSigners } from './settle-calldata.ts';
import { certify, createOrder, createTestCommittee } from './testing/committee.fixtures.ts';
import { createPayer } from './testing/payers.fixtures.ts';

const domain = { chainId: 1n, reserve: toAddress(`0x${'11'.repeat(20)}`), salt: toHash(`0x${'22'.repeat(32)}`) };
const alice = createPayer('secp256k1', 1);
const bob = createPayer('secp256k1', 2);

function certificate(
  stakes: readonly bigint[],
  signers: readonly number[],
  asset = PATH_USD,
): Promise<CommitCertificate> {
  const order = createOrder({ sender: alice.address, recipient: bob.address, amount: 1n, sequence: 0n, asset });
  return certify(order, alice, { domain, committee: createTestCommittee(stakes), signers });
}

it('hands the contract the canonical bytes of each certificate, as a receipt holds them', async () => {
  const { committee } = createTestCommittee();
  const certificates = [await certificate([1n, 1n, 1n, 1n], [0, 1, 2]), await certificate([1n, 1n, 1n, 1n], [1, 2, 3])];
  const { functionName, args } = decodeFunctionData({
    abi: reserveAbi,
    data: encodeSettle({ certificates, committee }),
  });
  expect(functionName).toBe('settle');
  expect(args?.slice(0, 2)).toEqual([
    '0x20C0000000000000000000000000000000000000',
    certificates.map((each) => toHex(encodeCertificate(each))),
  ]);
  expect(args?.[3]).toBe(committeeIdentityHash(committee));
});

it.each([
  { stakes: [1n, 1n, 1n, 1n], signers: [0, 1, 2, 3], kept: [0, 1, 2] },
  { stakes: [1n, 1n, 1n, 1n], signers: [1, 2, 3], kept: [1, 2, 3] },
  { stakes: [1n, 1n, 1n, 9n], signers: [0, 1, 2, 3], kept: [3] },
  { stakes: [3n, 1n, 2n, 3n], signers: [0, 1, 2, 3], kept: [0, 3] },
  { stakes: [1n, 1n, 1n, 1n], signers: [0, 1], kept: [0, 1] },
])('keeps of signers $signers with stakes $stakes only $kept', async ({ stakes, signers, kept }) => {
  const { committee } = createTestCommittee(stakes);
  const { signatures } = withFewestSigners(await certificate(stakes, signers), committee);
  expect(signatures.map(({ signer }) => signer)).toEqual(kept);
});

it('refuses an empty batch and one of two assets', async () => {
  const { committee } = createTestCommittee();
  expect(() => encodeSettle({ certificates: [], committee })).toThrow(RangeError);
  const other = await certificate([1n, 1n, 1n, 1n], [0, 1, 2], toAddress(`${PATH_USD.slice(0, 41)}1`));
  const certificates = [await certificate([1n, 1n, 1n, 1n], [0, 1, 2]), other];
  expect(() => encodeSettle({ certificates, committee })).toThrow(RangeError);
});

it('asks for more gas the longer the batch', async () => {
  const one = await certificate([1n, 1n, 1n, 1n], [0, 1, 2]);
  expect(settleGas([one, one])).toBeGreaterThan(settleGas([one]));
});

it('calls the function that the contract has', () => {
  const [selector] = reserveAbi.flatMap((item) =>
    item.type === 'function' && item.name === 'settle' ? [toFunctionSelector(item)] : [],
  );
  expect(encodeSettleEntries(PATH_USD, [], createTestCommittee().committee).slice(0, 10)).toBe(selector);
});
