import { readdirSync, readFileSync } from 'node:fs';
import { hashStruct, hashTypedData, keccak256, stringToHex } from 'viem';
import { afterAll, describe, expect, it } from 'vitest';
import { toAddress, toHash, toSequence } from './brand.ts';
import { fromHex, toHex } from './bytes.ts';
import { decodeCertificate, encodeCertificate } from './certificate-codec.ts';
import {
  assertValidCommittee,
  committeeHash,
  committeeIdentityHash,
  packedCommittee,
  quorumStake,
  totalStake,
  validityStake,
} from './committee.ts';
import { DOMAIN_NAME, DOMAIN_VERSION, domainSeparator } from './domain.ts';
import { decodeEvidence, encodeEvidence } from './evidence-codec.ts';
import {
  accountStatementBytes,
  BATCH_ATTESTATION_TYPE,
  batchAttestationDigest,
  batchHash,
  COMMIT_TYPE,
  commitDigest,
  driverBytes,
  NEW_ROUND_TYPE,
  newRoundDigest,
  PROPOSE_TYPE,
  promiseBytes,
  proposeDigest,
  ROTATE_TYPE,
  rotateDigest,
  voteBytes,
} from './messages.ts';
import { ORDER_TYPE, orderStructHash, orderTypedDataTypes, transactionHash } from './order.ts';
import { decodeSignedOrder, encodeSignedOrder } from './order-codec.ts';
import {
  type BallotJson,
  type CertificateJson,
  type CommitteeJson,
  type DomainJson,
  type EvidenceJson,
  type LockJson,
  type OrderJson,
  read,
  type SignedOrderJson,
  type SlotJson,
  type StatementJson,
} from './vectors.fixtures.ts';

const directory = new URL('../vectors/', import.meta.url);
/** Everything but the text about the files and the folder that the crypto package's test reads. */
const unread = new Set(readdirSync(directory).filter((name) => name !== 'README.md' && name !== 'signed'));

function load<Content>(name: string): Content {
  unread.delete(name);
  return JSON.parse(readFileSync(new URL(name, directory), 'utf8')) as Content;
}

afterAll(() => {
  if (unread.size > 0) throw new Error(`no test reads ${[...unread].join(', ')}`);
});

/** The domain as a wallet gives it to its EIP-712 library. */
const walletDomain = (domain: DomainJson) => ({
  name: DOMAIN_NAME,
  version: DOMAIN_VERSION,
  chainId: BigInt(domain.chainId),
  verifyingContract: domain.reserve as `0x${string}`,
  salt: domain.salt as `0x${string}`,
});

/** The fields of an EIP-712 type string, as a library wants them. */
function fieldsOf(type: string): { name: string; type: string }[] {
  const [, list = ''] = /\((.*)\)/.exec(type) ?? [];
  return list.split(',').map((field) => {
    const [kind = '', name = ''] = field.split(' ');
    return { type: kind, name };
  });
}

const word = (value: bigint | string, bytes: number) =>
  BigInt(value)
    .toString(16)
    .padStart(bytes * 2, '0');
const bare = (hex: string) => hex.slice(2);

describe('domain.json', () => {
  const { cases } = load<{ cases: { name: string; domain: DomainJson; separator: string }[] }>('domain.json');

  it.each(cases)('$name', ({ domain, separator }) => {
    expect(domainSeparator(read.domain(domain))).toBe(separator);
    const type = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)';
    const types = { EIP712Domain: fieldsOf(type) };
    expect(hashStruct({ primaryType: 'EIP712Domain', data: walletDomain(domain), types })).toBe(separator);
  });
});

describe('orders.json', () => {
  const vectors = load<{
    type: string;
    domain: DomainJson;
    separator: string;
    cases: { name: string; order: OrderJson; structHash: string; transactionHash: string }[];
  }>('orders.json');

  it('is of this type and domain', () => {
    expect(vectors.type).toBe(ORDER_TYPE);
    expect(domainSeparator(read.domain(vectors.domain))).toBe(vectors.separator);
  });

  it.each(vectors.cases)('$name', ({ order, structHash, transactionHash: digest }) => {
    const parsed = read.order(order);
    expect(toHex(orderStructHash(parsed))).toBe(structHash);
    expect(transactionHash(parsed, toHash(vectors.separator))).toBe(digest);
    expect(
      hashTypedData({
        domain: walletDomain(vectors.domain),
        types: orderTypedDataTypes,
        primaryType: 'PaymentOrder',
        message: parsed,
      }),
    ).toBe(digest);
  });

  it('covers every number of parents', () => {
    const counts = new Set(vectors.cases.map(({ order }) => order.parents.length));
    expect([...counts].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('messages.json', () => {
  const vectors = load<{
    domain: DomainJson;
    separator: string;
    types: Record<'commit' | 'newRound' | 'propose' | 'batchAttestation', string>;
    ballots: ({ name: string; epoch: string; ballot: BallotJson } & Record<
      'voteBytes' | 'commitDigest' | 'proposeDigest' | 'newRoundDigest',
      string
    >)[];
    promises: {
      name: string;
      epoch: string;
      slot: SlotJson;
      round: string;
      lock: LockJson | null;
      promiseBytes: string;
    }[];
    drivers: Record<'name' | 'epoch' | 'digest' | 'driverBytes', string>[];
    statements: { name: string; epoch: string; statement: StatementJson; accountStatementBytes: string }[];
    batches: {
      name: string;
      epoch: string;
      entries: Record<'account' | 'asset' | 'sequence' | 'value', string>[];
      batchHash: string;
      batchAttestationDigest: string;
    }[];
    rotations: Record<'name' | 'epoch' | 'committeeHash' | 'rotateDigest', string>[];
  }>('messages.json');
  const separator = toHash(vectors.separator);
  const contextOf = (epoch: string) => ({ separator, epoch: BigInt(epoch) });
  const ctx = (epoch: string) => `${bare(vectors.separator)}${word(epoch, 8)}`;
  const tag = (text: string) => bare(stringToHex(`${text}\0`));
  const slotHex = ({ owner, asset, sequence }: SlotJson) => `${bare(owner)}${bare(asset)}${word(sequence, 8)}`;
  const typed = (type: string, message: Record<string, unknown>) => {
    const [primaryType = ''] = type.split('(');
    return hashTypedData({
      domain: walletDomain(vectors.domain),
      types: { [primaryType]: fieldsOf(type) },
      primaryType,
      message,
    });
  };

  it('is of these types and this domain', () => {
    expect(vectors.types).toEqual({
      commit: COMMIT_TYPE,
      newRound: NEW_ROUND_TYPE,
      propose: PROPOSE_TYPE,
      batchAttestation: BATCH_ATTESTATION_TYPE,
      rotate: ROTATE_TYPE,
    });
    expect(domainSeparator(read.domain(vectors.domain))).toBe(vectors.separator);
  });

  it.each(vectors.ballots)('ballot: $name', ({ epoch, ballot, ...expected }) => {
    const [context, parsed] = [contextOf(epoch), read.ballot(ballot)];
    expect(toHex(voteBytes(context, parsed))).toBe(expected.voteBytes);
    expect(expected.voteBytes).toBe(
      `0x${tag('fastpay.vote.v1')}${ctx(epoch)}${slotHex(ballot.slot)}${word(ballot.round, 8)}${bare(ballot.value)}`,
    );
    const { owner: account, asset, sequence } = parsed.slot;
    const message = {
      epoch: context.epoch,
      account,
      asset,
      sequence,
      round: BigInt(parsed.round),
      value: parsed.value,
    };
    expect(commitDigest(context, parsed)).toBe(expected.commitDigest);
    expect(typed(COMMIT_TYPE, message)).toBe(expected.commitDigest);
    expect(proposeDigest(context, parsed)).toBe(expected.proposeDigest);
    expect(typed(PROPOSE_TYPE, message)).toBe(expected.proposeDigest);
    expect(newRoundDigest(context, parsed.slot, parsed.round)).toBe(expected.newRoundDigest);
    expect(typed(NEW_ROUND_TYPE, message)).toBe(expected.newRoundDigest);
  });

  it.each(vectors.promises)('promise: $name', ({ epoch, slot, round, lock, promiseBytes: expected }) => {
    const bytes = promiseBytes(contextOf(epoch), read.slot(slot), Number(round), lock ? read.lock(lock) : undefined);
    expect(toHex(bytes)).toBe(expected);
    const locked = lock ? `01${word(lock.epoch, 8)}${word(lock.round, 8)}${bare(lock.value)}` : '00'.repeat(49);
    expect(expected).toBe(`0x${tag('fastpay.promise.v1')}${ctx(epoch)}${slotHex(slot)}${word(round, 8)}${locked}`);
  });

  it.each(vectors.drivers)('driver: $name', ({ epoch, digest, driverBytes: expected }) => {
    expect(toHex(driverBytes(contextOf(epoch), toHash(digest)))).toBe(expected);
    expect(expected).toBe(`0x${tag('fastpay.driver.v1')}${ctx(epoch)}${bare(digest)}`);
  });

  it.each(vectors.statements)('statement: $name', ({ epoch, statement, accountStatementBytes: expected }) => {
    expect(toHex(accountStatementBytes(contextOf(epoch), read.statement(statement)))).toBe(expected);
    const fields = [
      bare(statement.account.owner as string),
      bare(statement.account.asset as string),
      word(BigInt.asUintN(128, BigInt(statement.balance)), 16),
      word(statement.next, 8),
      word(statement.finalizedHeight, 8),
      bare(statement.finalizedHash),
      word(statement.unixMillis, 8),
      bare(statement.clientNonce),
    ];
    expect(expected).toBe(`0x${tag('fastpay.account.v1')}${ctx(epoch)}${fields.join('')}`);
  });

  it.each(vectors.batches)('batch: $name', ({ epoch, entries, batchHash: hash, batchAttestationDigest: digest }) => {
    const parsed = entries.map((entry) => ({
      account: toAddress(entry.account),
      asset: toAddress(entry.asset),
      sequence: toSequence(BigInt(entry.sequence)),
      value: toHash(entry.value),
    }));
    expect(batchHash(parsed)).toBe(hash);
    const bytes = entries.map(({ account, sequence, value }) => `${bare(account)}${word(sequence, 8)}${bare(value)}`);
    expect(keccak256(`0x${bytes.join('')}`)).toBe(hash);
    expect(batchAttestationDigest(contextOf(epoch), parsed)).toBe(digest);
    const asset = parsed[0]?.asset;
    expect(typed(BATCH_ATTESTATION_TYPE, { epoch: BigInt(epoch), asset, batchHash: hash })).toBe(digest);
  });

  it.each(vectors.rotations)('rotation: $name', ({ epoch, committeeHash: hash, rotateDigest: digest }) => {
    expect(rotateDigest(contextOf(epoch), toHash(hash))).toBe(digest);
    expect(typed(ROTATE_TYPE, { epoch: BigInt(epoch), committeeHash: hash })).toBe(digest);
  });
});

describe('committee.json', () => {
  const { cases } = load<{
    cases: ({ name: string; committee: CommitteeJson } & Record<
      'identityHash' | 'packed' | 'committeeHash' | 'totalStake' | 'validityStake' | 'quorumStake',
      string
    >)[];
  }>('committee.json');

  it.each(cases)('$name', ({ committee, ...expected }) => {
    const parsed = read.committee(committee);
    assertValidCommittee(parsed);
    expect(committeeIdentityHash(parsed)).toBe(expected.identityHash);
    expect(toHex(packedCommittee(parsed))).toBe(expected.packed);
    expect(committeeHash(parsed)).toBe(expected.committeeHash);
    expect([totalStake(parsed), validityStake(parsed), quorumStake(parsed)].map(String)).toEqual([
      expected.totalStake,
      expected.validityStake,
      expected.quorumStake,
    ]);
    const identity = committee.members.map(({ name, votingKey }) => {
      const bytes = Buffer.from(name, 'utf8');
      return `${word(BigInt(bytes.length), 1)}${bytes.toString('hex')}${bare(votingKey)}`;
    });
    expect(keccak256(`0x${identity.join('')}`)).toBe(expected.identityHash);
    const packed = committee.members.map(
      ({ settlementAddress, stake }) => `${bare(settlementAddress)}${word(stake, 8)}`,
    );
    expect(`0x${packed.join('')}`).toBe(expected.packed);
    expect(keccak256(`0x${word(committee.epoch, 8)}${bare(expected.identityHash)}${bare(expected.packed)}`)).toBe(
      expected.committeeHash,
    );
  });
});

describe('codec.json', () => {
  const vectors = load<{
    signedOrders: { name: string; signedOrder: SignedOrderJson; bytes: string }[];
    certificates: { name: string; certificate: CertificateJson; bytes: string }[];
    evidence: { name: string; evidence: EvidenceJson; bytes: string }[];
    refusedSignedOrders: { name: string; bytes: string; code: string }[];
    refusedEvidence: { name: string; bytes: string; code: string }[];
    refusedCertificates: { name: string; bytes: string; code: string }[];
  }>('codec.json');

  const orderHex = ({ order, payerSignature }: SignedOrderJson) =>
    [
      word(order.kind, 1),
      bare(order.sender),
      bare(order.recipient),
      bare(order.asset),
      word(order.amount, 8),
      word(order.fee, 8),
      word(order.sequence, 8),
      word(order.validUntil, 8),
      bare(order.memo),
      word(BigInt(order.parents.length), 1),
      ...order.parents.map(bare),
      word(BigInt(bare(payerSignature).length / 2), 2),
      bare(payerSignature),
    ].join('');

  it.each(vectors.signedOrders)('signed order: $name', ({ signedOrder, bytes }) => {
    expect(toHex(encodeSignedOrder(read.signedOrder(signedOrder)))).toBe(bytes);
    expect(decodeSignedOrder(fromHex(bytes))).toEqual(read.signedOrder(signedOrder));
    expect(`0x${orderHex(signedOrder)}`).toBe(bytes);
  });

  it.each(vectors.certificates)('certificate: $name', ({ certificate, bytes }) => {
    expect(toHex(encodeCertificate(read.certificate(certificate)))).toBe(bytes);
    expect(decodeCertificate(fromHex(bytes))).toEqual(read.certificate(certificate));
    const { type, epoch, slot, round, value, signedOrder, signatures } = certificate;
    const order = signedOrder ? orderHex(signedOrder) : '';
    const expected = [
      '01',
      type === 'quorum' ? '01' : '02',
      word(epoch, 8),
      `${bare(slot.owner)}${bare(slot.asset)}${word(slot.sequence, 8)}`,
      word(round, 8),
      bare(value),
      signedOrder ? `${word(BigInt(order.length / 2), 2)}${order}` : '',
      word(BigInt(signatures.length), 1),
      ...signatures.map(({ signer, signature }) => `${word(signer, 1)}${bare(signature)}`),
    ];
    expect(`0x${expected.join('')}`).toBe(bytes);
  });

  it.each(vectors.evidence)('evidence: $name', ({ evidence, bytes }) => {
    expect(toHex(encodeEvidence(read.evidence(evidence)))).toBe(bytes);
    expect(decodeEvidence(fromHex(bytes))).toEqual(read.evidence(evidence));
    const { epoch, slot, signer } = evidence.type === 'promise' ? evidence.promise : evidence.first;
    const header = (type: string) =>
      `01${type}${word(epoch, 8)}${bare(slot.owner)}${bare(slot.asset)}${word(slot.sequence, 8)}${word(signer, 1)}`;
    if (evidence.type === 'promise') {
      const { promise, commit } = evidence;
      const { lock } = promise;
      const locked = lock ? `01${word(lock.epoch, 8)}${word(lock.round, 8)}${bare(lock.value)}` : '00';
      const committed = `${word(commit.round, 8)}${bare(commit.value)}${bare(commit.signature)}`;
      expect(`0x${header('03')}${word(promise.round, 8)}${locked}${bare(promise.signature)}${committed}`).toBe(bytes);
    } else {
      const { type, first, second } = evidence;
      const ballots = [first, second].map(({ value, signature }) => `${bare(value)}${bare(signature)}`).join('');
      expect(`0x${header(type === 'votes' ? '01' : '02')}${word(first.round, 8)}${ballots}`).toBe(bytes);
    }
  });

  it.each(vectors.refusedEvidence)('refused evidence: $name', ({ bytes, code }) => {
    expect(() => decodeEvidence(fromHex(bytes))).toThrowError(expect.objectContaining({ code }));
  });

  it.each(vectors.refusedSignedOrders)('refused order: $name', ({ bytes, code }) => {
    expect(() => decodeSignedOrder(fromHex(bytes))).toThrowError(expect.objectContaining({ code }));
  });

  it.each(vectors.refusedCertificates)('refused certificate: $name', ({ bytes, code }) => {
    expect(() => decodeCertificate(fromHex(bytes))).toThrowError(expect.objectContaining({ code }));
  });
});
