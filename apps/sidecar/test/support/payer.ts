import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';

/** An order as a generic EIP-712 wallet and the .proto files know it; nothing of ours is used to make it. */
export interface PlainOrder {
  readonly kind: number;
  readonly sender: `0x${string}`;
  readonly recipient: `0x${string}`;
  readonly asset: `0x${string}`;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly sequence: bigint;
  readonly validUntil: bigint;
  readonly memo: `0x${string}`;
  readonly parents: readonly `0x${string}`[];
}

export interface PlainDomain {
  readonly chainId: bigint;
  readonly reserve: `0x${string}`;
  readonly salt: `0x${string}`;
}

const types = {
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
} as const;

const newRound = [
  { name: 'epoch', type: 'uint64' },
  { name: 'account', type: 'address' },
  { name: 'asset', type: 'address' },
  { name: 'sequence', type: 'uint64' },
  { name: 'round', type: 'uint64' },
] as const;
const roundTypes = { NewRound: newRound, Propose: [...newRound, { name: 'value', type: 'bytes32' }] } as const;

export interface Payer {
  readonly address: `0x${string}`;
  /** A SubmitOrderRequest as gRPC takes it, signed by viem. */
  submission(order: Partial<PlainOrder>): Promise<{ readonly signed_order: WireSignedOrder; readonly attachments: [] }>;
  /** The owner's signature that opens a round of epoch 0. */
  newRound(sequence: bigint, round: bigint): Promise<Buffer>;
  /** The owner's signature that proposes a value in a round of epoch 0. */
  propose(sequence: bigint, round: bigint, value: `0x${string}`): Promise<Buffer>;
}

export interface WireSignedOrder {
  readonly order: Record<string, unknown>;
  readonly payer_signature: Buffer;
}

/** Somebody with a viem account. Orders pay 10 units to `recipient` unless told otherwise. */
export function createPayer(domain: PlainDomain, asset: `0x${string}`, recipient: `0x${string}`): Payer {
  const account: PrivateKeyAccount = privateKeyToAccount(generatePrivateKey());
  const { chainId, reserve, salt } = domain;
  const typedDataDomain = { name: 'FastPay', version: '1', chainId, verifyingContract: reserve, salt };
  return {
    address: account.address,
    async submission(changes) {
      const order: PlainOrder = {
        kind: 0,
        sender: account.address,
        recipient,
        asset,
        amount: 10_000_000n,
        fee: 10_000n,
        sequence: 0n,
        validUntil: BigInt(Math.floor(Date.now() / 1_000) + 600),
        memo: `0x${'00'.repeat(32)}`,
        parents: [],
        ...changes,
      };
      const signature = await account.signTypedData({
        domain: typedDataDomain,
        types,
        primaryType: 'PaymentOrder',
        message: order,
      });
      return { signed_order: { order: onWire(order), payer_signature: bytes(signature) }, attachments: [] };
    },
    async newRound(sequence, round) {
      const message = { epoch: 0n, account: account.address, asset, sequence, round };
      const primaryType = 'NewRound';
      return bytes(await account.signTypedData({ domain: typedDataDomain, types: roundTypes, primaryType, message }));
    },
    async propose(sequence, round, value) {
      const message = { epoch: 0n, account: account.address, asset, sequence, round, value };
      const primaryType = 'Propose';
      return bytes(await account.signTypedData({ domain: typedDataDomain, types: roundTypes, primaryType, message }));
    },
  };
}

function onWire(order: PlainOrder): Record<string, unknown> {
  return {
    kind: order.kind,
    sender: bytes(order.sender),
    recipient: bytes(order.recipient),
    asset: bytes(order.asset),
    amount: String(order.amount),
    fee: String(order.fee),
    sequence: String(order.sequence),
    valid_until: String(order.validUntil),
    memo: bytes(order.memo),
    parents: order.parents.map(bytes),
  };
}

export function bytes(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}
