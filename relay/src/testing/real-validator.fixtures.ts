import { createNodeEngine } from '@fastpay/crypto/node';
import { type Address, committeeHash, PATH_USD, toHash } from '@fastpay/protocol';
import type { BulletinEntry } from '@fastpay/rpc';
import { createMemoryKv, createMemoryMarker, type Kv, type Marker } from '@fastpay/storage';
import {
  createValidator,
  type FinalizedBlock,
  type BulletinEntry as LogEntry,
  type Validator,
} from '@fastpay/validator';
import type { ValidatorClient } from '../upstream/validator-client.ts';
import type { TestNetwork } from './network.fixtures.ts';

export interface RealValidator {
  readonly validator: Validator;
  readonly client: ValidatorClient;
}

/** What of a validator outlives its process. */
export interface RealStore {
  readonly kv: Kv;
  readonly marker: Marker;
}

export function createRealStore(): RealStore {
  return { kv: createMemoryKv(), marker: createMemoryMarker() };
}

const now = () => ({ nowMs: Date.now() });

/** The validator of the product over a store in memory, which outlives a restart when it is given again. */
export function realValidator(
  net: TestNetwork,
  signer: number,
  { kv, marker }: RealStore = createRealStore(),
): RealValidator {
  const { voting, settlement } = net.keysOf(signer);
  const validator = createValidator(
    { network: net.network, signer },
    {
      kv,
      marker,
      engine: createNodeEngine(),
      votingSigner: voting,
      settlementSigner: settlement,
      newStoreId: () => new Uint8Array(16).fill(signer + 1),
    },
  );
  const member = net.network.committee.members[signer];
  if (!member) throw new Error(`there is no validator ${signer}`);
  const client: ValidatorClient = {
    signer,
    vote: (submission) => validator.vote(submission, now()),
    openRound: (submission) => validator.openRound(submission, now()),
    voteInRound: (submission) => validator.voteInRound(submission, now()),
    commit: (submission) => validator.commit(submission, now()),
    fundingClosure: (hash) => Promise.resolve(validator.fundingClosure(hash) ?? { certificates: [], complete: false }),
    evidence: (limit) => Promise.resolve(validator.evidence(limit)),
    async resolve(certificate) {
      await validator.resolve(certificate, now());
    },
    payment: (hash) => Promise.resolve(validator.payment(hash)),
    account: (account, clientNonce) => validator.account(account, clientNonce, now()),
    bulletin({ filter, afterCursor, limit }) {
      const page = validator.bulletin({ ...filter, afterCursor, limit });
      return Promise.resolve({ ...page, entries: page.entries.map(onTheWire) });
    },
    async *watch(after, signal) {
      const storeId = validator.storeId();
      const news: LogEntry[] = [];
      let wake = () => {};
      const unsubscribe = validator.onBulletinEntry((entry) => {
        news.push(entry);
        wake();
      });
      signal.addEventListener('abort', () => wake(), { once: true });
      try {
        if (after) {
          const { entries } = validator.bulletin({ afterCursor: after.cursor, limit: 1_000 });
          for (const entry of entries) yield { entry: onTheWire(entry), storeId };
        }
        while (!signal.aborted) {
          const entry = news.shift();
          if (entry) yield { entry: onTheWire(entry), storeId };
          else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      } finally {
        unsubscribe();
      }
    },
    info: () =>
      Promise.resolve({
        name: member.name,
        signer,
        votingKey: member.votingKey,
        settlementAddress: member.settlementAddress,
        stake: member.stake,
        epoch: net.network.committee.epoch,
        domainSeparator: net.separator,
        committeeHash: committeeHash(net.network.committee),
        version: '0.1.0',
        uptimeMs: 1,
        votesSigned: 0n,
        commitsSigned: 0n,
        slotsResolved: 0n,
        lastSignedAtMs: 0,
        observing: false,
      }),
    close: () => {},
  };
  return { validator, client };
}

function onTheWire({ cursor, event }: LogEntry): BulletinEntry {
  if (event.type !== 'settlement') return { cursor, event };
  const { certificate, ...rest } = event;
  return { cursor, event: { ...rest, slot: certificate.slot } };
}

/** The same deposits for every validator, in one finalized block of now. */
export async function fund(
  validators: readonly Validator[],
  owners: readonly Address[],
  amount = 100_000_000n,
): Promise<void> {
  for (const validator of validators) {
    const first = validator.nextDepositIndex();
    const height = (validator.finalized()?.height ?? 0n) + 1n;
    const block: FinalizedBlock = {
      height,
      hash: toHash(`0x${height.toString(16).padStart(64, '0')}`),
      timestamp: BigInt(Math.floor(Date.now() / 1_000)),
    };
    const deposits = owners.map((owner, index) => ({
      index: first + BigInt(index),
      account: { owner, asset: PATH_USD },
      amount,
      block,
    }));
    await validator.applyFinalized(block, { deposits, exits: [] });
  }
}
