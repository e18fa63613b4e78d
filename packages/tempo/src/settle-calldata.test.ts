import { type CommitCertificate, PATH_USD, toAddress, toHash, toHex } from '@fastpay/protocol';
import { concatHex, toFunctionSelector } from 'viem';
import { expect, it } from 'vitest';
import { accountsOf, packBatch, packEntry, packSignatures, settleGas } from './settle-batch.ts';
import { encodeSettle, encodeSettleAttested, withFewestSigners } from './settle-calldata.ts';
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

const four = [1n, 1n, 1n, 1n];

it('packs the batch as the contract reads it', async () => {
  const { committee } = createTestCommittee();
  const one = await certificate(four, [1, 2, 3]);
  const data = encodeSettle({ certificates: [one], committee });
  const accounts = [alice.address, bob.address].toSorted();
  const bare = (hex: string) => hex.slice(2);
  const word = (value: bigint | number, bytes: number) => value.toString(16).padStart(2 * bytes, '0');
  const order = one.signedOrder?.order;
  const entry = [
    word(0, 1),
    word(accounts.indexOf(alice.address), 2),
    word(0, 8),
    word(accounts.indexOf(bob.address), 2),
    word(1, 8),
    word(order?.fee ?? 0n, 8),
    word(0, 1),
    word(order?.validUntil ?? 0n, 8),
    word(0, 4),
    word(3, 1),
    ...one.signatures.map(({ signer, signature }) => `${word(signer, 1)}${bare(toHex(signature))}`),
    bare(toHex(one.signedOrder?.payerSignature ?? new Uint8Array())),
  ].join('');
  const members = committee.members.map(({ settlementAddress }) => `${bare(settlementAddress)}${word(1, 8)}`);
  expect(data).toBe(
    `${toFunctionSelector('settle()')}${bare(PATH_USD)}${word(4, 1)}${word(committee.epoch, 8)}${members.join('')}${word(2, 2)}${accounts.map(bare).join('')}${word(1, 2)}${word(entry.length / 2, 2)}${entry}`,
  );
});

it('leaves the commits out of an attested batch and puts the attestation behind it', async () => {
  const { committee } = createTestCommittee();
  const certificates = [await certificate(four, [0, 1, 2])];
  const attestation = certificates[0]?.signatures ?? [];
  const data = encodeSettleAttested({ certificates, committee, attestation });
  const accounts = accountsOf(certificates);
  const entries = certificates.map((each) => packEntry(each, accounts, 'attested'));
  const batch = packBatch({ asset: PATH_USD, committee, accounts, entries });
  expect(data).toBe(
    concatHex([toFunctionSelector('settleAttested()'), toHex(batch), toHex(packSignatures(attestation))]),
  );
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

it('refuses a batch of another committee than the one named', async () => {
  const later = createTestCommittee(four, 1n);
  const certificates = [await certificate(four, [0, 1, 2])];
  expect(() => encodeSettle({ certificates, committee: later.committee })).toThrow(RangeError);
});
