import { createNodeEngine } from '@fastpay/crypto/node';
import {
  type AccountId,
  type Address,
  encodeSignedOrder,
  PATH_USD,
  type SignedNewRound,
  type SignedProposal,
  toHex,
} from '@fastpay/protocol';
import { createMemoryKv, createMemoryMarker } from '@fastpay/storage';
import { createValidator } from '@fastpay/validator';
import type { Client, PaymentIntent, PaymentProgress } from '../client.ts';
import { createClient } from '../create-client.ts';
import type { Clock } from '../ports/clock.ts';
import { createProcessLocks, type SigningLocks } from '../ports/locks.ts';
import type { ClientStore } from '../store/client-store.ts';
import { createClientStore } from '../store/create-client-store.ts';
import { createMemoryRows, type MemoryRows } from '../store/memory-rows.ts';
import type { Transport } from '../transport.ts';
import { createTestClock, type TestClock } from './clock.fixtures.ts';
import { createCommitteeTransport, type TestValidator } from './committee-transport.fixtures.ts';
import { createTestNetwork, testAccount } from './network.fixtures.ts';
import { sampleHash } from './samples.fixtures.ts';

/** A whole network in one process: real validators over memory, a relay without opinions, any number of wallets. */
export interface World extends ReturnType<typeof createTestNetwork> {
  readonly clock: TestClock;
  readonly validators: readonly TestValidator[];
  readonly transport: Transport;
  /** A relay that reaches these validators only. */
  reaching(...signers: readonly number[]): Transport;
  /** A wallet on a device of its own, unless it is given the rows or locks of another one. */
  wallet(name: string, device?: Partial<Device>): Wallet;
  /** Credits a finalized deposit at these validators, by default at all. */
  deposit(owner: Address, amount: bigint, signers?: readonly number[]): Promise<void>;
}

export interface Device {
  readonly rows: MemoryRows;
  readonly locks: SigningLocks;
  readonly transport: Transport;
  /** Default: the world's, by which validators go too. */
  readonly clock: Clock;
  /** Wraps the store, to watch it or to let it fail. */
  readonly wrap: (store: ClientStore) => ClientStore;
}

export interface Wallet {
  readonly owner: Address;
  readonly signer: ReturnType<typeof testAccount>;
  readonly client: Client;
  readonly store: ClientStore;
  readonly rows: MemoryRows;
  readonly locks: SigningLocks;
  readonly account: AccountId;
  /** Pays and returns every snapshot. */
  pay(to: Address, amount: bigint, more?: Partial<PaymentIntent>): Promise<readonly PaymentProgress[]>;
  resume(): Promise<readonly PaymentProgress[]>;
  finish(): Promise<readonly PaymentProgress[]>;
  cancel(): Promise<readonly PaymentProgress[]>;
}

export async function createWorld(options: Parameters<typeof createTestNetwork>[0] = {}): Promise<World> {
  const testNetwork = createTestNetwork(options);
  const { network, votingSigners, settlementSigners } = testNetwork;
  const engine = createNodeEngine();
  const clock = createTestClock();
  let height = 0n;
  const indexes = new Map<number, bigint>();
  const block = () => ({
    height: ++height,
    hash: sampleHash(`block ${height}`),
    timestamp: BigInt(clock.nowMs()) / 1_000n,
  });

  const validators = network.committee.members.map((_member, signer): TestValidator => {
    const votingSigner = votingSigners[signer];
    const settlementSigner = settlementSigners[signer];
    if (!votingSigner || !settlementSigner) throw new Error('a validator without keys');
    const kv = createMemoryKv();
    const newStoreId = () => new Uint8Array(16).fill(signer);
    const marker = createMemoryMarker();
    const dependencies = { kv, marker, engine, votingSigner, settlementSigner, newStoreId };
    const validator = createValidator({ network, signer }, dependencies);
    return { signer, validator, isUp: true, isInformed: true };
  });
  const transport = createCommitteeTransport(network, validators, clock);
  const first = block();
  for (const { validator } of validators) await validator.applyFinalized(first, { deposits: [], exits: [] });

  return {
    ...testNetwork,
    clock,
    validators,
    transport,
    reaching: (...signers) =>
      createCommitteeTransport(
        network,
        validators.filter(({ signer }) => signers.includes(signer)),
        clock,
      ),
    wallet(name, device = {}) {
      const signer = testAccount(name);
      const { rows = createMemoryRows(), locks = createProcessLocks(), wrap = (store) => store } = device;
      const store = wrap(createClientStore(rows.connect()));
      const client = createClient(
        { network, owner: signer.address },
        {
          store,
          engine,
          locks,
          clock: device.clock ?? clock,
          transport: device.transport ?? transport,
          random: countingRandom(),
        },
      );
      const account = { owner: signer.address, asset: PATH_USD };
      return {
        owner: signer.address,
        signer,
        client,
        store,
        rows,
        locks,
        account,
        pay: (to, amount, more = {}) =>
          collect(client.pay({ kind: 0, recipient: to, asset: PATH_USD, amount, ...more }, signer)),
        resume: () => collect(client.resume(PATH_USD)),
        finish: () => collect(client.finish(PATH_USD, signer)),
        cancel: () => collect(client.cancel(PATH_USD, signer)),
      };
    },
    async deposit(owner, amount, signers = validators.map(({ signer }) => signer)) {
      const finalized = block();
      for (const { signer, validator } of validators) {
        if (!signers.includes(signer)) continue;
        const index = indexes.get(signer) ?? 0n;
        indexes.set(signer, index + 1n);
        const deposit = { index, account: { owner, asset: PATH_USD }, amount, block: finalized };
        await validator.applyFinalized(finalized, { deposits: [deposit], exits: [] });
      }
    },
  };
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** What a validator's ledger says, read past the client. */
export async function ledgerOf({ validator }: TestValidator, account: AccountId, clock: TestClock) {
  const { signed } = await validator.account(account, new Uint8Array(16), { nowMs: clock.nowMs() });
  return { balance: signed.statement.balance, next: signed.statement.next };
}

let draws = 0;
/** Never the same bytes twice, and the same ones in every run. */
function countingRandom() {
  return (length: number) => {
    const bytes = new Uint8Array(length);
    new DataView(bytes.buffer).setUint32(0, ++draws);
    return bytes;
  };
}

export interface Recording extends Transport {
  /** Canonical bytes of every order that was sent, as hex, in order. */
  readonly sent: readonly string[];
  /** How many certificates went along with each. */
  readonly attached: readonly number[];
  /** What was signed to open rounds, and in them, in order. */
  readonly opened: readonly SignedNewRound[];
  readonly proposed: readonly SignedProposal[];
}

/** Watches what leaves the wallet. */
export function recording(transport: Transport): Recording {
  const sent: string[] = [];
  const attached: number[] = [];
  const opened: SignedNewRound[] = [];
  const proposed: SignedProposal[] = [];
  return {
    ...transport,
    sent,
    attached,
    opened,
    proposed,
    collectPromises(request, signal) {
      opened.push(request.newRound);
      return transport.collectPromises(request, signal);
    },
    submitProposal(request, signal) {
      proposed.push(request.proposal);
      return transport.submitProposal(request, signal);
    },
    submitPayment(request, signal) {
      sent.push(toHex(encodeSignedOrder(request.signedOrder)));
      attached.push(request.attachments.length);
      return transport.submitPayment(request, signal);
    },
  };
}
