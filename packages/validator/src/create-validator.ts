import { type CryptoEngine, createVerificationContext, type Secp256k1Signer, type VotingSigner } from '@fastpay/crypto';
import type { Network } from '@fastpay/protocol';
import type { Kv, Marker } from '@fastpay/storage';
import type { Core } from './core.ts';
import { createDurableStore } from './durable-store.ts';
import { StoreMismatchError } from './errors.ts';
import { validatorLimits } from './limits.ts';
import { account } from './queries/account.ts';
import { bulletin } from './queries/bulletin.ts';
import { exitingAccounts } from './queries/exiting-accounts.ts';
import { fundingClosure } from './queries/funding-closure.ts';
import { payment } from './queries/payment.ts';
import { certificates, outbox, resolution } from './queries/settlement.ts';
import { staleLocks } from './queries/stale-locks.ts';
import { openSigningGate } from './signing-gate.ts';
import { bindStore } from './state/binding.ts';
import { createLedger } from './state/ledger.ts';
import { watchOldestUnsettled } from './state/oldest-unsettled.ts';
import { attest } from './steps/attest.ts';
import { applyFinalized, applySettlements } from './steps/chain.ts';
import { commit } from './steps/commit.ts';
import { drive } from './steps/drive.ts';
import { report } from './steps/evidence.ts';
import { openRound } from './steps/open-round.ts';
import { resolve } from './steps/resolve.ts';
import { vote } from './steps/vote.ts';
import { voteInRound } from './steps/vote-in-round.ts';
import type { Validator } from './validator.ts';

export interface ValidatorOptions {
  readonly network: Network;
  /** Index of this validator in the committee. */
  readonly signer: number;
}

export interface ValidatorDependencies {
  readonly kv: Kv;
  /** Kept apart from the store, so that no restored backup brings an old one along. */
  readonly marker: Marker;
  readonly engine: CryptoEngine;
  readonly votingSigner: VotingSigner;
  readonly settlementSigner: Secp256k1Signer;
  /** 16 fresh random bytes: the identity of a store that is new. */
  readonly newStoreId: () => Uint8Array;
}

/**
 * The state machine of §5 over a store. Each step first verifies what needs time, then reads, decides and writes in
 * one go without a pause, then waits until the record is durable, and only then lets a signature out.
 * @throws StoreMismatchError when the store belongs to another network or validator, or the keys to another member.
 */
export function createValidator(options: ValidatorOptions, dependencies: ValidatorDependencies): Validator {
  const { network, signer } = options;
  const { kv, marker, engine, votingSigner, settlementSigner, newStoreId } = dependencies;
  assertOwnKeys(options, dependencies);
  const { storeId, bound } = bindStore(kv, network, signer, newStoreId);
  const ledger = createLedger(kv);
  const gate = openSigningGate(marker, { storeId, bound }, ledger.head().signaturesRecorded);
  const store = createDurableStore(kv, ledger, settled([bound, gate.settled]), gate);
  const core: Core = {
    network,
    signer,
    context: createVerificationContext(network, engine),
    votingSigner,
    settlementSigner,
    ledger,
    store,
    oldestUnsettledAtMs: watchOldestUnsettled(ledger, store),
    assets: new Set(network.assets.map(({ address }) => address)),
  };

  /** A method that gives signatures away. */
  function signing<Parameters extends readonly unknown[], Answer>(
    act: (...parameters: Parameters) => Promise<Answer>,
  ): (...parameters: Parameters) => Promise<Answer> {
    return async (...parameters) => {
      gate.assertSigning();
      await store.opened();
      return await act(...parameters);
    };
  }

  return {
    vote: signing((request, surroundings) => vote(core, request, surroundings)),
    commit: signing((request, surroundings) => commit(core, request, surroundings)),
    openRound: signing((request, surroundings) => openRound(core, request, surroundings)),
    voteInRound: signing((request, surroundings) => voteInRound(core, request, surroundings)),
    staleLocks: (query) => staleLocks(core, query),
    report: (evidence) => report(core, evidence),
    evidence(limit) {
      store.assertUsable();
      return ledger.allEvidence(limit);
    },
    resolve: (certificate, surroundings) => resolve(core, certificate, surroundings),
    applyFinalized: (finalized, events) => applyFinalized(core, finalized, events),
    drive: signing((message, surroundings) => drive(core, message, surroundings)),
    attest: signing((entries) => attest(core, entries)),
    fundingClosure: (transactionHash) => fundingClosure(core, transactionHash),
    exitingAccounts: (limit, after) => exitingAccounts(core, limit, after),
    outbox: (query) => outbox(core, query),
    resolution: (slot) => resolution(core, slot),
    certificates: (query) => certificates(core, query),
    applySettlements: (observations) => applySettlements(core, observations),
    account: signing((id, clientNonce, surroundings) => account(core, id, clientNonce, surroundings)),
    payment: (transactionHash) => payment(core, transactionHash),
    bulletin: (query) => bulletin(core, query),
    onBulletinEntry: store.onEntry,
    finalized: () => store.head().finalized,
    nextDepositIndex: () => store.head().nextDepositIndex,
    storeId: () => Uint8Array.from(storeId),
    counters() {
      const { votesSigned, commitsSigned, slotsResolved, lastSignedAtMs } = store.head();
      return { votesSigned, commitsSigned, slotsResolved, lastSignedAtMs };
    },
    alarms() {
      store.assertUsable();
      return ledger.alarms(validatorLimits.alarms);
    },
    failure: store.failure,
    mode: () => (gate.reason ? 'observing' : 'signing'),
    observingReason: () => gate.reason,
  };
}

async function settled(all: readonly Promise<void>[]): Promise<void> {
  await Promise.all(all);
}

/** A vote signed with a key that the committee does not know would count for nobody. */
function assertOwnKeys(
  { network, signer }: ValidatorOptions,
  { votingSigner, settlementSigner }: ValidatorDependencies,
): void {
  const member = network.committee.members[signer];
  if (!member) throw new StoreMismatchError(`the committee has no member ${signer}`);
  if (member.votingKey !== votingSigner.publicKey || member.settlementAddress !== settlementSigner.address) {
    throw new StoreMismatchError(`the keys are not those of member ${signer} of the committee`);
  }
}
