import type { Client, SponsorOffer, Transport } from '@fastpay/client';
import type { PayerSigner } from '@fastpay/crypto';
import type { Address, CommitCertificate, Hash, Hex, Network } from '@fastpay/protocol';
import type { Phrase, QuizQuestion } from '@fastpay/vault';

/**
 * Everything that the screens and their view-models ask of the world. `platform/compose.ts` builds the real thing;
 * tests build another. No key, phrase or HTTP request is handled above this line.
 */

export interface ServedNetwork {
  readonly network: Network;
  /** Control of a development network; absent anywhere else. */
  readonly devnetUrl?: string;
}

/** The network this wallet trusts: what was served first, until a person decides otherwise. */
export interface NetworkPin {
  load(): ServedNetwork | undefined;
  save(served: ServedNetwork): void;
  clear(): void;
}

export interface DemoAccount {
  readonly name: string;
  readonly address: Address;
}

export type AccountChoice = { readonly kind: 'demo'; readonly name: string } | { readonly kind: 'wallet' };

/** Which account this window shows. Each window has its own, so that Alice and Bob fit on one stage. */
export interface AccountChoiceStore {
  load(): AccountChoice | undefined;
  save(choice: AccountChoice | undefined): void;
}

/**
 * Where the key of a wallet is. phrase: sealed on this device, and on the person's paper. passkey: in an authenticator,
 * which asks the person for each signature. device: in this browser, with no copy anywhere.
 */
export type VaultKind = 'phrase' | 'passkey' | 'device';

/** The tiny second record: outlives the vault when a browser drops its database. */
export interface WalletMarker {
  readonly address: Address;
  readonly createdAtMs: number;
  readonly kind: VaultKind;
}

/** A new passkey, one that the person has already, or a new key of this browser. */
export type KeySource = 'newPasskey' | 'knownPasskey' | 'device';

export interface VaultPort {
  /** What is stored on this device, if anything. */
  kind(): Promise<VaultKind | undefined>;
  marker(): WalletMarker | undefined;
  forgetMarker(): void;
  newPhrase(): Promise<Phrase>;
  /** Asks for some of the words of a phrase that was just written down. */
  quiz(phrase: Phrase): Promise<readonly QuizQuestion[]>;
  /** @throws PhraseError. */
  checkPhrase(text: string): Promise<Phrase>;
  /** Words of the list that a mistyped one may have meant. */
  suggest(word: string): Promise<readonly string[]>;
  /** Seals, opens again, stores and reads back before it answers. @throws SealError. */
  create(phrase: Phrase, password: string): Promise<PayerSigner>;
  /** Makes a key, stores what is needed to use it, reads that back and signs once with it. @throws PasskeyError. */
  createKey(kind: KeySource): Promise<PayerSigner>;
  /** Opens a wallet of a kind that has no password. */
  openKey(): Promise<PayerSigner>;
  /** @throws SealError. */
  unlock(password: string): Promise<PayerSigner>;
  /** @throws SealError. */
  reveal(password: string): Promise<Phrase>;
  /** Removes the vault and its marker. The money stays reachable with the phrase only. */
  remove(): Promise<void>;
}

export interface OpenClient {
  readonly client: Client;
  readonly transport: Transport;
}

export interface TokenTransfer {
  readonly transactionHash: Hash;
}

export interface SignedTransfer extends TokenTransfer {
  readonly rawTransaction: Hex;
  /** Unix seconds; from then on no block takes it. */
  readonly validBefore?: bigint;
}

/** Something signed that may still happen, and whose place another can take: at most one of the two happens. */
export interface Replaceable {
  readonly nonce: bigint;
  /** Unix seconds; from then on no block takes it. */
  readonly validBefore: bigint;
}

/** A deposit that only its owner has signed, for a sponsor to sign too. */
export interface DepositForSponsor extends Replaceable {
  readonly rawTransaction: Hex;
}

export type TransactionOutcome =
  | { readonly success: true; readonly height: bigint }
  /** In a block, and its calls failed. */
  | { readonly success: false };

/** What a wallet does on Tempo itself, with a transaction of its own. Amounts are base units. */
export type TempoAction =
  | { readonly type: 'deposit'; readonly amount: bigint; readonly inPlaceOf?: Replaceable }
  | { readonly type: 'transfer'; readonly recipient: Address; readonly amount: bigint; readonly memo?: Hash }
  /** `certificates`: the payment's funding closure, oldest first, itself last. */
  | { readonly type: 'settle'; readonly payment: Hash; readonly certificates: readonly CommitCertificate[] }
  | { readonly type: 'requestExit' }
  | { readonly type: 'cancelExit' }
  /** `amount` is what the reserve holds for the account; it pays out all of it. */
  | { readonly type: 'exit'; readonly amount: bigint }
  /** `amount` is what waits in the reserve for this address: refused payouts, and fees of what it settled itself. */
  | { readonly type: 'release'; readonly amount: bigint };

/** An account as the reserve contract has it in the latest block: settled payments only. */
export interface OnTempo {
  /** Base units. */
  readonly balance: bigint;
  /** Base units that wait for the owner outside the ledger: payouts that the token refused, fees of what was settled. */
  readonly owed: bigint;
  /** Unix seconds from which on the exit can be executed; absent unless it was requested. */
  readonly exitReadyAt?: bigint;
  readonly exitDelaySeconds: bigint;
}

/** The chain as a wallet uses it; loaded only when someone goes there. */
export interface TempoPort {
  tokenBalance(owner: Address): Promise<bigint>;
  account(owner: Address): Promise<OnTempo>;
  /** Upper bound of the network fee in base units of the fee token. */
  fee(type: TempoAction['type']): Promise<bigint>;
  /** Who pays for the gas of deposits, and how they have to look for that; nothing while nobody does. */
  sponsor(): Promise<SponsorOffer | undefined>;
  /** Signs a deposit whose gas somebody else is to pay; nothing is sent. */
  signForSponsor(
    signer: PayerSigner,
    request: { readonly amount: bigint; readonly offer: SponsorOffer; readonly inPlaceOf?: Replaceable },
  ): Promise<DepositForSponsor>;
  /** The deposit with the sponsor's signature, checked; nothing is sent. @throws RejectError NOT_SPONSORED. */
  askSponsor(deposit: DepositForSponsor): Promise<SignedTransfer>;
  /** Signs; nothing is sent, so that the bytes can be stored first. */
  sign(signer: PayerSigner, action: TempoAction): Promise<SignedTransfer>;
  /** Sending the same bytes again is harmless. */
  send(transfer: SignedTransfer): Promise<void>;
  outcome(transactionHash: Hash): Promise<TransactionOutcome | undefined>;
}

export interface DevnetValidator {
  readonly name: string;
  readonly signer: number;
  readonly running: boolean;
}

export interface DevnetPort {
  faucet(address: Address): Promise<TokenTransfer>;
  validators(): Promise<readonly DevnetValidator[]>;
  stop(name: string): Promise<void>;
  start(name: string): Promise<void>;
}

export interface StorageHealth {
  readonly persisted: boolean;
  readonly usageBytes?: number;
  readonly quotaBytes?: number;
}

/** Small values that may be lost without harm: preferences, sightings, deposits being followed. */
export interface SmallStore {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  remove(key: string): void;
}

/** Tells the other windows of this wallet that an account changed. */
export interface Windows {
  announce(owner: Address): void;
  listen(onChange: (owner: Address) => void): () => void;
}

export interface Platform {
  readonly buildId: string;
  fetchNetwork(signal?: AbortSignal): Promise<ServedNetwork>;
  readonly pin: NetworkPin;
  readonly choice: AccountChoiceStore;
  /** @throws RejectError WRONG_CHAIN unless the network is a devnet. */
  demoAccounts(network: Network): Promise<readonly DemoAccount[]>;
  demoSigner(network: Network, name: string): Promise<PayerSigner>;
  readonly vault: VaultPort;
  openClient(owner: Address, network: Network): Promise<OpenClient>;
  /** Deletes everything stored for this owner on this network, apart from keys. */
  eraseHistory(owner: Address, network: Network): Promise<void>;
  tempo(network: Network): Promise<TempoPort>;
  devnet(url: string): DevnetPort;
  readonly small: SmallStore;
  readonly windows: Windows;
  storageHealth(): Promise<StorageHealth>;
  /** Asks the browser not to drop the data; the answer says whether it agreed. */
  persistStorage(): Promise<boolean>;
}
