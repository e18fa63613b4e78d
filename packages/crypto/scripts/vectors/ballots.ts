import {
  type AccountStatement,
  accountStatementBytes,
  type Ballot,
  encodeNetwork,
  hashFromBytes,
  keccak256,
  type Lock,
  promiseBytes,
  SKIP,
  toHex,
  utf8,
} from '@fastpay/protocol';
import { createSecp256k1Signer, createVerificationContext, signCommit, signVote } from '../../src/index.ts';
import { createNodeEngine } from '../../src/node.ts';
import { ballotOf, createTestNetwork, signOrder, type TestValidator, testKeys, testOrder } from '../../src/testing/network.fixtures.ts';
import { ballotJson, slotJson } from './json.ts';

const test = createTestNetwork();
const context = createVerificationContext(test.network, createNodeEngine());
const { epoch } = test.network.committee;
const signing = { separator: context.separator, epoch };

export async function ballotVectors() {
  const alice = createSecp256k1Signer(testKeys.payer);
  const ballot = ballotOf(await signOrder(alice, testOrder(alice)));
  return {
    description: 'What the four validators of a committee sign (§4).',
    network: encodeNetwork(test.network),
    keys: test.validators.map((_, signer) => ({
      signer: String(signer),
      votingSeed: toHex(testKeys.votingSeed(signer)),
      settlementKey: toHex(testKeys.settlementKey(signer)),
    })),
    ballots: [await signed('an order in round 0', ballot), await signed('SKIP in round 3', { ...ballot, round: 3, value: SKIP })],
    promises: [
      await promised('without a lock', ballot, 1),
      await promised('locked on the order', ballot, 2, { epoch, round: 0, value: ballot.value }),
    ],
    statements: [await stated('an ordinary account', ballot)],
  };
}

async function signed(name: string, ballot: Ballot) {
  const each = (sign: (validator: TestValidator, signer: number) => Promise<{ signature: { signature: Uint8Array } }>) =>
    Promise.all(test.validators.map(async (validator, signer) => toHex((await sign(validator, signer)).signature.signature)));
  return {
    name,
    ballot: ballotJson(ballot),
    votes: await each(({ voting }, signer) => signVote(context, ballot, signer, voting)),
    commits: await each(({ settlement }, signer) => signCommit(context, ballot, signer, settlement)),
  };
}

async function promised(name: string, { slot }: Ballot, round: number, lock?: Lock) {
  const bytes = promiseBytes(signing, slot, round, lock);
  return {
    name,
    slot: slotJson(slot),
    round: String(round),
    lock: lock ? { epoch: String(lock.epoch), round: String(lock.round), value: lock.value } : null,
    promises: await signAll(bytes),
  };
}

async function stated(name: string, { slot }: Ballot) {
  const statement: AccountStatement = {
    account: { owner: slot.owner, asset: slot.asset },
    balance: 89_998_000n,
    next: 1n,
    finalizedHeight: 42n,
    finalizedHash: hashFromBytes(keccak256(utf8('block'))),
    unixMillis: 1_800_000_000_123n,
    clientNonce: Uint8Array.from({ length: 16 }, (_, index) => index),
  };
  return {
    name,
    statement: {
      account: statement.account,
      balance: String(statement.balance),
      next: String(statement.next),
      finalizedHeight: String(statement.finalizedHeight),
      finalizedHash: statement.finalizedHash,
      unixMillis: String(statement.unixMillis),
      clientNonce: toHex(statement.clientNonce),
    },
    statements: await signAll(accountStatementBytes(signing, statement)),
  };
}

async function signAll(message: Uint8Array): Promise<string[]> {
  return Promise.all(test.validators.map(async ({ voting }) => toHex(await voting.sign(message))));
}
