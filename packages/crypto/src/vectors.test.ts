import { readdirSync, readFileSync } from 'node:fs';
import {
  type AccountStatement,
  accountStatementBytes,
  type Ballot,
  commitDigest,
  decodeCertificate,
  decodeNetwork,
  domainSeparator,
  encodeCertificate,
  fromHex,
  type Lock,
  type OrderKind,
  promiseBytes,
  type Slot,
  toAddress,
  toAmount,
  toHash,
  toHex,
  toSequence,
  transactionHash,
  voteBytes,
} from '@fastpay/protocol';
import { describe, expect, it } from 'vitest';
import { createVerificationContext } from './context.ts';
import { createNodeSecp256k1Signer, createNodeVotingSigner } from './node/signers.ts';
import { createSecp256k1Signer } from './secp256k1-signer.ts';
import { answerVectors } from './testing/answer-vectors.fixtures.ts';
import { allEngines } from './testing/engines.fixtures.ts';
import { createP256Payer, createPasskeyPayer } from './testing/payers.fixtures.ts';
import { verifyCommitCertificate, verifyQuorumCertificate } from './verify-certificate.ts';
import { verifyStatement } from './verify-statement.ts';
import { createVotingSigner } from './voting-signer.ts';

const directory = new URL('../../protocol/vectors/signed/', import.meta.url);
const files = readdirSync(directory);

function load<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(name, directory), 'utf8')) as Content;
}

const engines = await allEngines();

type Text<Key extends string> = { readonly [Field in Key]: string };
type SlotJson = Text<'owner' | 'asset' | 'sequence'>;
type BallotJson = { readonly slot: SlotJson } & Text<'round' | 'value'>;

const slotOf = ({ owner, asset, sequence }: SlotJson): Slot => ({
  owner: toAddress(owner),
  asset: toAddress(asset),
  sequence: toSequence(BigInt(sequence)),
});
const ballotOf = ({ slot, round, value }: BallotJson): Ballot => ({
  slot: slotOf(slot),
  round: Number(round),
  value: toHash(value),
});

describe.each(engines)('the %s engine answers', (_, engine) => {
  it.each(files)('%s', async (file) => {
    const answers = await answerVectors(engine, file, load(file));
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.filter(({ answer, expected }) => answer !== expected)).toEqual([]);
  });
});

describe('payer-signatures.json', () => {
  type Case = Text<'name' | 'privateKey' | 'account' | 'digest' | 'signature'> & { readonly accepted: boolean };
  const { cases } = load<{ cases: Case[] }>('payer-signatures.json');

  it.each([
    ['secp256k1', createSecp256k1Signer],
    ['P-256', createP256Payer],
    ['WebAuthn', createPasskeyPayer],
  ] as const)('%s is what its key signs', async (name, create) => {
    const found = cases.find((each) => each.name === name);
    if (!found) throw new Error(`there is no case ${name}`);
    const signer = create(fromHex(found.privateKey));
    expect(signer.address).toBe(found.account);
    expect(toHex(await signer.sign(toHash(found.digest)))).toBe(found.signature);
  });
});

describe('ballots.json', () => {
  const vectors = load<{
    network: unknown;
    keys: Text<'signer' | 'votingSeed' | 'settlementKey'>[];
    ballots: { name: string; ballot: BallotJson; votes: string[]; commits: string[] }[];
    promises: {
      name: string;
      slot: SlotJson;
      round: string;
      lock: Text<'epoch' | 'round' | 'value'> | null;
      promises: string[];
    }[];
    statements: {
      name: string;
      statement: { account: Text<'owner' | 'asset'> } & Text<
        'balance' | 'next' | 'finalizedHeight' | 'finalizedHash' | 'unixMillis' | 'clientNonce'
      >;
      statements: string[];
    }[];
  }>('ballots.json');
  const network = decodeNetwork(vectors.network);
  const context = { separator: domainSeparator(network.domain), epoch: network.committee.epoch };
  const keys = vectors.keys.map(({ votingSeed, settlementKey }) => ({
    voting: [createVotingSigner(fromHex(votingSeed)), createNodeVotingSigner(fromHex(votingSeed))],
    settlement: [createSecp256k1Signer(fromHex(settlementKey)), createNodeSecp256k1Signer(fromHex(settlementKey))],
  }));

  /** Both signers of every member write the signature that the file holds. */
  async function expectSigned(message: Uint8Array, signatures: readonly string[]): Promise<void> {
    expect(signatures).toHaveLength(keys.length);
    for (const [signer, { voting }] of keys.entries()) {
      for (const each of voting) expect(toHex(await each.sign(message))).toBe(signatures[signer]);
    }
  }

  it('names the committee of these keys', () => {
    expect(keys.map(({ voting }) => voting.map(({ publicKey }) => publicKey))).toEqual(
      network.committee.members.map(({ votingKey }) => [votingKey, votingKey]),
    );
    expect(keys.map(({ settlement }) => settlement.map(({ address }) => address))).toEqual(
      network.committee.members.map(({ settlementAddress }) => [settlementAddress, settlementAddress]),
    );
  });

  it.each(vectors.ballots)('$name', async ({ ballot, votes, commits }) => {
    const parsed = ballotOf(ballot);
    await expectSigned(voteBytes(context, parsed), votes);
    for (const [signer, { settlement }] of keys.entries()) {
      for (const each of settlement)
        expect(toHex(await each.sign(commitDigest(context, parsed)))).toBe(commits[signer]);
    }
  });

  it.each(vectors.promises)('a promise $name', async ({ slot, round, lock, promises }) => {
    const parsed: Lock | undefined = lock
      ? { epoch: BigInt(lock.epoch), round: Number(lock.round), value: toHash(lock.value) }
      : undefined;
    await expectSigned(promiseBytes(context, slotOf(slot), Number(round), parsed), promises);
  });

  it.each(vectors.statements)('a statement of $name', async ({ statement, statements }) => {
    const parsed: AccountStatement = {
      account: { owner: toAddress(statement.account.owner), asset: toAddress(statement.account.asset) },
      balance: BigInt(statement.balance),
      next: BigInt(statement.next),
      finalizedHeight: BigInt(statement.finalizedHeight),
      finalizedHash: toHash(statement.finalizedHash),
      unixMillis: BigInt(statement.unixMillis),
      clientNonce: fromHex(statement.clientNonce),
    };
    await expectSigned(accountStatementBytes(context, parsed), statements);
    for (const [, engine] of engines) {
      const verification = createVerificationContext(network, engine);
      for (const [signer, signature] of statements.entries()) {
        const signed = {
          epoch: context.epoch,
          statement: parsed,
          signature: { signer, signature: fromHex(signature) },
        };
        await verifyStatement(verification, signed);
      }
    }
  });
});

describe('certificates.json', () => {
  type Case = Text<'name' | 'type' | 'value' | 'round' | 'bytes'> & {
    readonly signatures: Text<'signer' | 'signature'>[];
  };
  const vectors = load<{
    network: unknown;
    separator: string;
    keys: { payer: string; votingSeeds: string[]; settlementKeys: string[] };
    order: Text<'kind' | 'sender' | 'recipient' | 'asset' | 'amount' | 'fee' | 'sequence' | 'validUntil' | 'memo'> & {
      readonly parents: string[];
    };
    payerSignature: string;
    transactionHash: string;
    accepted: Case[];
    refused: Case[];
  }>('certificates.json');
  const network = decodeNetwork(vectors.network);

  const verify = async (bytes: string, engine: (typeof engines)[number][1]) => {
    const context = createVerificationContext(network, engine);
    const certificate = decodeCertificate(fromHex(bytes));
    return certificate.type === 'quorum'
      ? verifyQuorumCertificate(context, certificate)
      : verifyCommitCertificate(context, certificate);
  };

  it('is over this order', async () => {
    const { order } = vectors;
    expect(domainSeparator(network.domain)).toBe(vectors.separator);
    const hash = transactionHash(
      {
        kind: Number(order.kind) as OrderKind,
        sender: toAddress(order.sender),
        recipient: toAddress(order.recipient),
        asset: toAddress(order.asset),
        amount: toAmount(BigInt(order.amount)),
        fee: toAmount(BigInt(order.fee)),
        sequence: toSequence(BigInt(order.sequence)),
        validUntil: BigInt(order.validUntil),
        memo: toHash(order.memo),
        parents: order.parents.map(toHash),
      },
      toHash(vectors.separator),
    );
    expect(hash).toBe(vectors.transactionHash);
    const payer = createSecp256k1Signer(fromHex(vectors.keys.payer));
    expect(payer.address).toBe(order.sender);
    expect(toHex(await payer.sign(hash))).toBe(vectors.payerSignature);
  });

  it.each(vectors.accepted)('$name: accepted', async ({ type, value, round, signatures, bytes }) => {
    const certificate = decodeCertificate(fromHex(bytes));
    expect(toHex(encodeCertificate(certificate))).toBe(bytes);
    expect([certificate.type, certificate.value, String(certificate.round)]).toEqual([type, value, round]);
    const context = { separator: toHash(vectors.separator), epoch: certificate.epoch };
    for (const [index, { signer, signature }] of signatures.entries()) {
      const found = certificate.signatures[index];
      expect([String(found?.signer), toHex(found?.signature ?? new Uint8Array())]).toEqual([signer, signature]);
      const expected =
        certificate.type === 'quorum'
          ? await createVotingSigner(fromHex(vectors.keys.votingSeeds[Number(signer)] ?? '0x')).sign(
              voteBytes(context, certificate),
            )
          : await createSecp256k1Signer(fromHex(vectors.keys.settlementKeys[Number(signer)] ?? '0x')).sign(
              commitDigest(context, certificate),
            );
      expect(toHex(expected)).toBe(signature);
    }
    for (const [, engine] of engines) await verify(bytes, engine);
  });

  it.each(vectors.refused)('$name: refused', async ({ bytes }) => {
    for (const [, engine] of engines) {
      await expect(verify(bytes, engine)).rejects.toEqual(expect.objectContaining({ code: 'INVALID_CERTIFICATE' }));
    }
  });
});
