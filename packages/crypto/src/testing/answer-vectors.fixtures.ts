import {
  type AccountStatement,
  decodeCertificate,
  decodeNetwork,
  fromHex,
  RejectError,
  toAddress,
  toHash,
  toSequence,
} from '@fastpay/protocol';
import { createVerificationContext, type VerificationContext } from '../context.ts';
import type { CryptoEngine } from '../engine.ts';
import { verifyPayerSignature } from '../payer-signature.ts';
import { verifyCommit, verifyVote } from '../verify-ballot.ts';
import { verifyCommitCertificate, verifyQuorumCertificate } from '../verify-certificate.ts';
import { verifyPromise } from '../verify-promise.ts';
import { verifyStatement } from '../verify-statement.ts';

/** Asks an engine what the vector files ask. Runs wherever the engine runs: no Node, no test runner. */
export interface VectorAnswer {
  readonly name: string;
  readonly expected: unknown;
  readonly answer: unknown;
}

type Text<Key extends string> = { readonly [Field in Key]: string };
type Reader = (engine: CryptoEngine, content: unknown) => Promise<readonly VectorAnswer[]>;

const readers: Readonly<Record<string, Reader>> = {
  'ed25519.json': ed25519,
  'ed25519-matrix.json': ed25519,
  'secp256k1.json': secp256k1,
  'secp256k1-matrix.json': secp256k1,
  'p256.json': p256,
  'p256-matrix.json': p256,
  'payer-signatures.json': payerSignatures,
  'webauthn-matrix.json': payerSignatures,
  'ballots.json': ballots,
  'certificates.json': certificates,
};

/** @throws Error for a file that nothing here can read. */
export function answerVectors(engine: CryptoEngine, file: string, content: unknown): Promise<readonly VectorAnswer[]> {
  const reader = Object.hasOwn(readers, file) ? readers[file] : undefined;
  if (!reader) throw new Error(`nobody knows how to ask what ${file} asks`);
  return reader(engine, content);
}

/** The cases of a file, one after the other: an engine's caches must not change its answers. */
async function each<Case extends { readonly name: string }>(
  content: unknown,
  ask: (one: Case) => Promise<Omit<VectorAnswer, 'name'>>,
): Promise<readonly VectorAnswer[]> {
  const answers: VectorAnswer[] = [];
  for (const one of (content as { readonly cases: readonly Case[] }).cases) {
    answers.push({ name: one.name, ...(await ask(one)) });
  }
  return answers;
}

type Verified = Text<'name' | 'publicKey' | 'message' | 'signature'> & { readonly valid: boolean };

function ed25519(engine: CryptoEngine, content: unknown): Promise<readonly VectorAnswer[]> {
  return each<Verified>(content, async ({ publicKey, message, signature, valid }) => ({
    expected: valid,
    answer: await engine.ed25519Verify(fromHex(publicKey), fromHex(message), fromHex(signature)),
  }));
}

function p256(engine: CryptoEngine, content: unknown): Promise<readonly VectorAnswer[]> {
  return each<Verified>(content, async ({ publicKey, message, signature, valid }) => ({
    expected: valid,
    answer: await engine.p256Verify(fromHex(publicKey), fromHex(message), fromHex(signature)),
  }));
}

type Recovered = Text<'name' | 'digest' | 'signature'> & { readonly address: string | null };

function secp256k1(engine: CryptoEngine, content: unknown): Promise<readonly VectorAnswer[]> {
  return each<Recovered>(content, async ({ digest, signature, address }) => ({
    expected: address,
    answer: engine.secp256k1Recover(fromHex(digest), fromHex(signature)) ?? null,
  }));
}

type Paid = Text<'name' | 'account' | 'digest' | 'signature'> & { readonly accepted: boolean };

function payerSignatures(engine: CryptoEngine, content: unknown): Promise<readonly VectorAnswer[]> {
  return each<Paid>(content, async ({ account, digest, signature, accepted }) => ({
    expected: accepted,
    answer: await verifyPayerSignature(engine, toHash(digest), fromHex(signature), toAddress(account)),
  }));
}

type SlotJson = Text<'owner' | 'asset' | 'sequence'>;
interface Ballots {
  readonly network: unknown;
  readonly ballots: readonly {
    readonly name: string;
    readonly ballot: { readonly slot: SlotJson } & Text<'round' | 'value'>;
    readonly votes: readonly string[];
    readonly commits: readonly string[];
  }[];
  readonly promises: readonly {
    readonly name: string;
    readonly slot: SlotJson;
    readonly round: string;
    readonly lock: Text<'epoch' | 'round' | 'value'> | null;
    readonly promises: readonly string[];
  }[];
  readonly statements: readonly {
    readonly name: string;
    readonly statement: { readonly account: Text<'owner' | 'asset'> } & Text<keyof Omit<AccountStatement, 'account'>>;
    readonly statements: readonly string[];
  }[];
}

async function ballots(engine: CryptoEngine, content: unknown): Promise<readonly VectorAnswer[]> {
  const file = content as Ballots;
  const context = createVerificationContext(decodeNetwork(file.network), engine);
  const { epoch } = context.committee;
  const signaturesOf = (signatures: readonly string[]) =>
    signatures.map((signature, signer) => ({ signer, signature: fromHex(signature) }));
  const answers: Promise<VectorAnswer>[] = [];
  for (const { name, ballot, votes, commits } of file.ballots) {
    const body = { epoch, slot: slotOf(ballot.slot), round: Number(ballot.round), value: toHash(ballot.value) };
    for (const signature of signaturesOf(votes)) {
      answers.push(taken(`vote of ${signature.signer}, ${name}`, () => verifyVote(context, { ...body, signature })));
    }
    for (const signature of signaturesOf(commits)) {
      answers.push(
        taken(`commit of ${signature.signer}, ${name}`, () => verifyCommit(context, { ...body, signature })),
      );
    }
  }
  for (const { name, slot, round, lock, promises } of file.promises) {
    const locked = lock && { epoch: BigInt(lock.epoch), round: Number(lock.round), value: toHash(lock.value) };
    const body = { epoch, slot: slotOf(slot), round: Number(round), ...(locked && { lock: locked }) };
    for (const signature of signaturesOf(promises)) {
      answers.push(
        taken(`promise of ${signature.signer}, ${name}`, () => verifyPromise(context, { ...body, signature })),
      );
    }
  }
  for (const { name, statement, statements } of file.statements) {
    const body = { epoch, statement: statementOf(statement) };
    for (const signature of signaturesOf(statements)) {
      answers.push(
        taken(`statement of ${signature.signer}, ${name}`, () => verifyStatement(context, { ...body, signature })),
      );
    }
  }
  return Promise.all(answers);
}

function slotOf({ owner, asset, sequence }: SlotJson) {
  return { owner: toAddress(owner), asset: toAddress(asset), sequence: toSequence(BigInt(sequence)) };
}

function statementOf(json: Ballots['statements'][number]['statement']): AccountStatement {
  return {
    account: { owner: toAddress(json.account.owner), asset: toAddress(json.account.asset) },
    balance: BigInt(json.balance),
    next: BigInt(json.next),
    finalizedHeight: BigInt(json.finalizedHeight),
    finalizedHash: toHash(json.finalizedHash),
    unixMillis: BigInt(json.unixMillis),
    clientNonce: fromHex(json.clientNonce),
  };
}

interface Certificates {
  readonly network: unknown;
  readonly accepted: readonly Text<'name' | 'bytes'>[];
  readonly refused: readonly Text<'name' | 'bytes'>[];
}

async function certificates(engine: CryptoEngine, content: unknown): Promise<readonly VectorAnswer[]> {
  const file = content as Certificates;
  const network = decodeNetwork(file.network);
  const check = ({ name, bytes }: Text<'name' | 'bytes'>, expected: string) => {
    // A context of its own each: nothing is known from the case before.
    const context = createVerificationContext(network, engine);
    return taken(name, () => verifyAny(context, fromHex(bytes)), expected);
  };
  return Promise.all([
    ...file.accepted.map((one) => check(one, 'taken')),
    ...file.refused.map((one) => check(one, 'INVALID_CERTIFICATE')),
  ]);
}

async function verifyAny(context: VerificationContext, bytes: Uint8Array): Promise<unknown> {
  const certificate = decodeCertificate(bytes);
  return certificate.type === 'quorum'
    ? verifyQuorumCertificate(context, certificate)
    : verifyCommitCertificate(context, certificate);
}

async function taken(name: string, verify: () => Promise<unknown>, expected = 'taken'): Promise<VectorAnswer> {
  try {
    await verify();
    return { name, expected, answer: 'taken' };
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
    return { name, expected, answer: error.code };
  }
}
