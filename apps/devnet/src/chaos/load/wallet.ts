import {
  type Client,
  ClientError,
  createClient,
  createMemoryStore,
  createProcessLocks,
  createRelayTransport,
  keepFinishing,
  type PaymentProgress,
} from '@fastpay/client';
import type { CryptoEngine, Secp256k1Signer } from '@fastpay/crypto';
import { type Address, type CommitCertificate, type Network, RejectError } from '@fastpay/protocol';
import type { Book, Intent } from './book.ts';
import { createLife, Dead, type Life } from './mortal.ts';

/** One device of one owner: a journal that stays, and a client over it that dies and is started again. */
export interface Wallet {
  /** `Ann`, or `Ann 2` for her second device. */
  readonly device: string;
  readonly signer: Secp256k1Signer;
  readonly client: Client;
  /** Signs and drives; resolves when the attempt has ended, whatever came of it. */
  pay(intent: Intent): Promise<CommitCertificate | undefined>;
  /** Ends the open slot, or tries to; with `cancel`, towards an empty one. */
  endOpenSlot(aim: 'finish' | 'cancel'): Promise<void>;
  /** Until nothing is open, or the signal is aborted. */
  finishAll(signal: AbortSignal): Promise<void>;
  takeIn(certificate: CommitCertificate): Promise<void>;
  sync(): Promise<void>;
  /** As when its process is killed: whatever it is doing ends in the middle. It lives on from its journal alone. */
  crash(): void;
}

export interface WalletDependencies {
  readonly network: Network;
  readonly asset: Address;
  readonly relayUrl: string;
  readonly engine: CryptoEngine;
  readonly book: Book;
  /** A failure that no refusal and no crash explains. */
  readonly onFailure: (device: string, error: unknown) => void;
}

export function createWallet(
  options: { readonly device: string; readonly signer: Secp256k1Signer },
  dependencies: WalletDependencies,
): Wallet {
  const { device, signer } = options;
  const { network, asset, relayUrl, engine, book, onFailure } = dependencies;
  const store = createMemoryStore();
  let life: Life = createLife();
  let client = start();

  function start(): Client {
    return createClient(
      { network, owner: signer.address },
      {
        store: life.bind(store),
        transport: life.bind(createRelayTransport({ baseUrl: relayUrl })),
        engine,
        locks: createProcessLocks(),
      },
    );
  }

  function note({ transactionHash, order, state, failures }: PaymentProgress): void {
    if (state === 'stalled') for (const { code } of failures.values()) book.refused(`${code}, by a validator`);
    if (state !== 'paid' && state !== 'skipped') return;
    book.end({ transactionHash, memo: order.memo, device, end: state });
  }

  /** A refusal or a crash is an answer like any other here; the journal knows what it means. */
  async function attempt<Result>(act: () => Promise<Result>): Promise<Result | undefined> {
    const current = life;
    try {
      return await act();
    } catch (error) {
      if (current.isOver || error instanceof Dead) return undefined;
      if (error instanceof RejectError || (error instanceof ClientError && error.code === 'PAYMENT_PENDING')) {
        book.refused(error.code);
        return undefined;
      }
      onFailure(device, error);
      return undefined;
    }
  }

  async function drain(progress: AsyncIterable<PaymentProgress>): Promise<CommitCertificate | undefined> {
    let paid: CommitCertificate | undefined;
    for await (const snapshot of progress) {
      note(snapshot);
      if (snapshot.state === 'paid') paid = snapshot.certificate;
    }
    return paid;
  }

  return {
    device,
    signer,
    get client() {
      return client;
    },
    pay(intent) {
      const { kind, recipient, amount, memo } = intent;
      book.begin(intent);
      return attempt(() => drain(client.pay({ kind, recipient, asset, amount, memo }, signer, life.signal)));
    },
    async endOpenSlot(aim) {
      await attempt(() => drain(client[aim](asset, signer, life.signal)));
    },
    async finishAll(signal) {
      await attempt(() => keepFinishing(client, { asset, signer: () => signer, onProgress: note }, signal));
    },
    async takeIn(certificate) {
      await attempt(() => client.receive(certificate));
    },
    async sync() {
      await attempt(() => client.sync());
    },
    crash() {
      life.end();
      life = createLife();
      client = start();
      book.count('wallet crashes');
    },
  };
}
