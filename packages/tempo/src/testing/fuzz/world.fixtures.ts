import type { PayerSigner } from '@fastpay/crypto';
import {
  type Address,
  addressFromBytes,
  bytesOf,
  committeeHash,
  committeeIdentityHash,
  concatBytes,
  type Domain,
  domainSeparator,
  type Hash,
  type Hex,
  keccak256,
  PATH_USD,
  toHex,
  unsignedBytes,
} from '@fastpay/protocol';
import type { Random } from '@fastpay/protocol/testing';
import * as AbiConstructor from 'ox/AbiConstructor';
import { addressIn } from '../../answers.ts';
import { reserveAbi } from '../../gen/reserve.ts';
import { devAccount } from '../../node/dev-account.ts';
import { packedEpochCommittee } from '../../settle-batch.ts';
import { createTempoChain } from '../../tempo-chain.ts';
import type { TempoCall } from '../../transaction.ts';
import { createTestCommittee, type TestCommittee } from '../committee.fixtures.ts';
import { createPayer, type PayerKind, payerKinds } from '../payers.fixtures.ts';
import { createToken, type TestToken } from '../token.fixtures.ts';
import { type Book, createBook } from './book.fixtures.ts';
import { createLedger, type Ledger } from './ledger.fixtures.ts';
import type { MinedChain } from './mined-chain.fixtures.ts';
import { createModel, type Model } from './model.fixtures.ts';
import type { Statistics } from './statistics.fixtures.ts';
import { accountWordSlot } from './storage.fixtures.ts';
import { createWatch, type Watch } from './watch.fixtures.ts';

/** One reserve under attack, with everything that is known about it beside it. */
export interface World {
  readonly chain: MinedChain;
  readonly random: Random;
  readonly statistics: Statistics;
  readonly reserve: Address;
  readonly domain: Domain;
  /** What the contract must do; what its events say it did; what an honest committee certified. */
  readonly model: Model;
  readonly book: Book;
  readonly ledger: Ledger;
  readonly watch: Watch;
  /** Of every epoch so far. */
  readonly committees: TestCommittee[];
  /** One of ordinary amounts, one of amounts near the bounds. */
  readonly tokens: readonly [plain: TestToken, wide: TestToken];
  readonly users: readonly User[];
  /** Has nearly 2^128 of the wide token, of nothing. */
  readonly whale: User;
  /** They send settlements, and earn fees. */
  readonly settlers: readonly PayerSigner[];
  /** Accounts whose exits were executed while payments of theirs were certified and not settled: asset and owner. */
  readonly overdrawn: Set<string>;
  /** Assets whose tokens are paused. */
  readonly paused: Set<Address>;
  freshAddress(): Address;
}

export interface User extends PayerSigner {
  readonly kind: PayerKind;
}

export const EXIT_DELAY_SECONDS = 3_600n;
const DEPLOY_GAS = 60_000_000n;
const FEE_MONEY = 1_000_000_000_000n;
const PLAIN_MONEY = 1n << 60n;
const WIDE_MONEY = 1n << 67n;
const MAX_U128 = (1n << 128n) - 1n;
/** What the whale has room for: one unit more than the largest deposit. */
const WHALE_ROOM = 1n << 64n;

export interface WorldOptions {
  readonly chain: MinedChain;
  readonly random: Random;
  readonly statistics: Statistics;
  readonly bytecode: Hex;
  /** Names this world among those on the chain. */
  readonly name: string;
}

export async function createWorld({ chain, random, statistics, bytecode, name }: WorldOptions): Promise<World> {
  const treasury = devAccount(0);
  const committee = createTestCommittee([1n, 1n, 1n, 1n]);
  const domain = await deploy(chain, treasury, committee, bytecode, random);
  const { reserve } = domain;
  const send = async (signer: PayerSigner, calls: readonly TempoCall[]) => {
    if (!(await chain.send(signer, calls)).succeeded) throw new Error('a token could not be made or changed');
  };
  const tokenChain = { rpc: chain.rpc, treasury, send };
  const plain = await createToken(tokenChain, `Plain ${name}`);
  const wide = await createToken(tokenChain, `Wide ${name}`);
  const assets = [plain.address, wide.address];

  const kinds: readonly PayerKind[] = [...payerKinds, ...payerKinds];
  const users = kinds.map((kind, index): User => ({ ...createPayer(kind, index + 1), kind }));
  const whale: User = { ...createPayer('secp256k1', 100), kind: 'secp256k1' };
  const settlers = [devAccount(1), devAccount(2)];
  const model = createModel({ domain, committee: committee.committee, exitDelaySeconds: EXIT_DELAY_SECONDS, assets });
  const book = createBook(committeeHash(committee.committee));

  const everyone = [...users, whale].map(({ address }) => address);
  await chain.fund(treasury, PATH_USD, everyone, FEE_MONEY);
  for (const address of everyone) {
    for (const [token, amount] of [
      [plain, PLAIN_MONEY],
      [wide, WIDE_MONEY],
    ] as const) {
      await token.mint(address, amount);
      model.tokens.add(token.address, address, amount);
    }
  }
  const room = MAX_U128 - WHALE_ROOM;
  const word = unsignedBytes(room << 128n, 32);
  await chain.rpc.request('anvil_setStorageAt', [reserve, accountWordSlot(wide.address, whale.address), toHex(word)]);
  model.grant(wide.address, whale.address, room);
  book.balances.add(wide.address, whale.address, room);
  const ledger = createLedger(domain);
  ledger.balances.add(wide.address, whale.address, room);

  let fresh = 0;
  const watched = [...everyone, ...settlers.map(({ address }) => address)];
  return {
    ...{ chain, random, statistics, reserve, domain, model, book, ledger, users, whale, settlers },
    watch: createWatch({ chain, reserve, assets, owners: watched }),
    committees: [committee],
    tokens: [plain, wide],
    overdrawn: new Set(),
    paused: new Set(),
    freshAddress() {
      fresh += 1;
      return addressFromBytes(keccak256(concatBytes(bytesOf(reserve), unsignedBytes(fresh, 4))).slice(12));
    },
  };
}

async function deploy(
  chain: MinedChain,
  signer: PayerSigner,
  { committee }: TestCommittee,
  bytecode: Hex,
  random: Random,
): Promise<Domain> {
  const data = AbiConstructor.encode(AbiConstructor.fromAbi(reserveAbi), {
    bytecode,
    args: [
      toHex(packedEpochCommittee(committee)),
      committeeIdentityHash(committee),
      EXIT_DELAY_SECONDS,
      toHex(random.bytes(32)),
    ],
  });
  const mined = await chain.send(signer, [{ data }], DEPLOY_GAS);
  if (!mined.succeeded) throw new Error('the reserve could not be deployed');
  const reserve = addressIn(mined.contractAddress, 'contract address');
  const { salt, ...info } = await createTempoChain({ rpcUrl: chain.rpcUrl, reserve }).reserveInfo();
  const domain: Domain = { chainId: chain.chainId, reserve, salt };
  const separator: Hash = domainSeparator(domain);
  if (info.domainSeparator !== separator) throw new Error('the reserve names another domain');
  return domain;
}
