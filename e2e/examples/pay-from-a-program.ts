import { fileURLToPath } from 'node:url';
import { credentials, loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { type Hex, hexToBytes, numberToHex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';

/**
 * Pays 1.00 from the demo account Alice to Bob with a generic EIP-712 wallet (viem) and plain gRPC: nothing of
 * FastPay's code, only its .proto files. Usage: npm run example:grpc -- [relay address] [host:port of each validator]
 */

const [relay = 'http://127.0.0.1:4700', ...addresses] = process.argv.slice(2);
const validators = addresses.length > 0 ? addresses : [4701, 4702, 4703, 4704].map((port) => `127.0.0.1:${port}`);

// Public on purpose: everybody owns the demo accounts of a devnet.
const phrase = 'stage actor play fiction only never real trust public advice cash zero';
const alice = mnemonicToAccount(phrase, { addressIndex: 0 });
const bob = mnemonicToAccount(phrase, { addressIndex: 1 });

const say = (line: string) => process.stdout.write(`${line}\n`);

interface Manifest {
  readonly network: {
    readonly domain: { readonly chainId: string; readonly reserve: Hex; readonly salt: Hex };
    readonly assets: readonly { readonly address: Hex }[];
    readonly committee: { readonly members: readonly { readonly name: string }[] };
    readonly fees: { readonly minimum: string; readonly newRecipientSurcharge: string };
  };
}

async function get<Answer>(path: string): Promise<Answer> {
  const response = await fetch(relay + path);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

const { network } = await get<Manifest>('/v1/network');
const asset = network.assets[0]?.address;
if (!asset) throw new Error('the network lists no asset');
const account = await get<{ quorum?: { next: string } }>(`/v1/accounts/${alice.address}/${asset}`);
if (!account.quorum) throw new Error('no quorum of validators agrees on the account now');

// 1. The order, as EIP-712 typed data (docs/PROTOCOL.md, section 3).
const order = {
  kind: 0,
  sender: alice.address,
  recipient: bob.address,
  asset,
  amount: 1_000_000n,
  fee: BigInt(network.fees.minimum) + BigInt(network.fees.newRecipientSurcharge),
  sequence: BigInt(account.quorum.next),
  validUntil: BigInt(Math.floor(Date.now() / 1000) + 600),
  memo: numberToHex(0, { size: 32 }),
  parents: [] as Hex[],
};
const payerSignature = await alice.signTypedData({
  domain: {
    name: 'FastPay',
    version: '1',
    chainId: BigInt(network.domain.chainId),
    verifyingContract: network.domain.reserve,
    salt: network.domain.salt,
  },
  types: {
    PaymentOrder: [
      { name: 'kind', type: 'uint8' },
      { name: 'sender', type: 'address' },
      { name: 'recipient', type: 'address' },
      { name: 'asset', type: 'address' },
      { name: 'amount', type: 'uint64' },
      { name: 'fee', type: 'uint64' },
      { name: 'sequence', type: 'uint64' },
      { name: 'validUntil', type: 'uint64' },
      { name: 'memo', type: 'bytes32' },
      { name: 'parents', type: 'bytes32[]' },
    ],
  },
  primaryType: 'PaymentOrder',
  message: order,
});

// 2. A vote from each validator, over gRPC.
const protoDirectory = fileURLToPath(new URL('../../packages/rpc/proto', import.meta.url));
const definition = loadSync('fastpay/v1/validator.proto', { includeDirs: [protoDirectory], longs: String });
const { fastpay } = loadPackageDefinition(definition) as unknown as {
  fastpay: { v1: { ValidatorService: ServiceClientConstructor } };
};
const signedOrder = {
  order: {
    kind: order.kind,
    sender: hexToBytes(order.sender),
    recipient: hexToBytes(order.recipient),
    asset: hexToBytes(order.asset),
    amount: order.amount.toString(),
    fee: order.fee.toString(),
    sequence: order.sequence.toString(),
    validUntil: order.validUntil.toString(),
    memo: hexToBytes(order.memo),
    parents: [],
  },
  payerSignature: hexToBytes(payerSignature),
};

interface VoteAnswer {
  readonly vote?: { readonly signature: { readonly signature: Buffer } };
}

for (const [index, address] of validators.entries()) {
  const name = network.committee.members[index]?.name;
  const validator = new fastpay.v1.ValidatorService(address, credentials.createInsecure());
  const answer = await new Promise<VoteAnswer | Error>((resolve) => {
    validator.SubmitOrder?.({ signedOrder }, (error: Error | null, value: VoteAnswer) => resolve(error ?? value));
  });
  validator.close();
  if (answer instanceof Error) say(`${name} (${address}) refuses: ${answer.message}`);
  else say(`${name} (${address}) votes: 0x${answer.vote?.signature.signature.toString('hex')}`);
}

// 3. The same bytes through the relay, which carries them to a commit certificate. They can only ever be paid once.
const decimal = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value);
const response = await fetch(`${relay}/v1/payments`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ signedOrder: { order, payerSignature } }, decimal),
});
const payment = (await response.json()) as {
  readonly transactionHash?: Hex;
  readonly stage?: string;
  readonly detail?: string;
  readonly commitCertificate?: { readonly signatures: readonly unknown[] };
};
if (!response.ok) throw new Error(`the relay answered ${response.status}: ${payment.detail}`);
say(`\n${payment.transactionHash}`);
say(`${payment.stage}, certified by ${payment.commitCertificate?.signatures.length} validators`);
