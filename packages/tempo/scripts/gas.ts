import type { PayerSigner } from '@fastpay/crypto';
import { type CommitCertificate, type Hex, OrderKind, PATH_USD } from '@fastpay/protocol';
import { objectIn, quantityIn } from '../src/answers.ts';
import { callData } from '../src/call-data.ts';
import { sendDeposit } from '../src/deposit.ts';
import { encodeExit, encodeRequestExit } from '../src/exit.ts';
import { waitForReceipt } from '../src/receipt.ts';
import { type SettleResult, settle } from '../src/settle.ts';
import { createOrder } from '../src/testing/committee.fixtures.ts';
import { type Lab, startLab } from '../src/testing/lab.fixtures.ts';
import { createPayer, type PayerKind, payerKinds } from '../src/testing/payers.fixtures.ts';

/**
 * Prints what the reserve costs on a Tempo node, and ends with 1 when it costs more than its bounds: `npm run gas`.
 * The fees of a batch are noted for the settler, who fetches them with `release` whenever it likes.
 */

const BATCHES = [1, 10, 100];
let nextPayer = 0;

function payers(count: number, kind: PayerKind = 'secp256k1'): PayerSigner[] {
  return Array.from({ length: count }, () => {
    nextPayer += 1;
    return createPayer(kind, nextPayer);
  });
}

type Scenario = (lab: Lab, size: number) => Promise<CommitCertificate[]>;

async function deposited(lab: Lab, accounts: readonly PayerSigner[]): Promise<void> {
  const PAGE = 50;
  for (let start = 0; start < accounts.length; start += PAGE) {
    await lab.deposit(
      accounts.slice(start, start + PAGE).map(({ address }) => ({ account: address, amount: 1_000_000n })),
    );
  }
}

const pairs =
  (kind: PayerKind, options: { readonly newRecipients?: boolean; readonly parents?: number } = {}): Scenario =>
  async (lab, size) => {
    const senders = payers(size, kind);
    const recipients = payers(size);
    await deposited(lab, options.newRecipients ? senders : [...senders, ...recipients]);
    const parents = Array.from({ length: options.parents ?? 0 }, () => lab.domain.salt);
    return Promise.all(
      senders.map((payer, index) =>
        lab.certify(
          createOrder({
            sender: payer.address,
            recipient: addressOf(recipients, index),
            amount: 10_000n,
            sequence: 0n,
            parents,
          }),
          payer,
        ),
      ),
    );
  };

function addressOf(accounts: readonly PayerSigner[], index: number) {
  const account = accounts[index % accounts.length];
  if (!account) throw new Error('no such account');
  return account.address;
}

const circle: Scenario = async (lab, size) => {
  const accounts = payers(Math.min(20, Math.max(2, size)));
  await deposited(lab, accounts);
  return Promise.all(
    Array.from({ length: size }, (_, index) => {
      const payer = accounts[index % accounts.length] as PayerSigner;
      const sequence = BigInt(Math.floor(index / accounts.length));
      const order = createOrder({
        sender: payer.address,
        recipient: addressOf(accounts, index + 7),
        amount: 10n,
        sequence,
      });
      return lab.certify(order, payer);
    }),
  );
};

const chain: Scenario = async (lab, size) => {
  const accounts = payers(size + 1);
  await deposited(lab, accounts);
  return Promise.all(
    accounts.slice(0, -1).map((payer, index) => {
      // Each pays what it received before, less the fee.
      const amount = 900_000n - BigInt(index) * 2_000n;
      const order = createOrder({
        sender: payer.address,
        recipient: addressOf(accounts, index + 1),
        amount,
        sequence: 0n,
      });
      return lab.certify(order, payer);
    }),
  );
};

const withdrawal: Scenario = async (lab, size) => {
  const accounts = payers(size);
  await deposited(lab, accounts);
  await lab.fund(accounts.map(({ address }) => ({ account: address, amount: 1n })));
  return Promise.all(
    accounts.map((payer) =>
      lab.certify(
        createOrder({
          kind: OrderKind.withdraw,
          sender: payer.address,
          recipient: payer.address,
          amount: 10_000n,
          sequence: 0n,
        }),
        payer,
      ),
    ),
  );
};

/** How the committee vouches for the payments of a batch, and who settles them. */
type Way = 'settleAttested' | 'settle' | 'settleOwn';

/** The recipient of the first payment settles the batch, by certificates alone, as a wallet does. */
async function settleOwn(lab: Lab, certificates: readonly CommitCertificate[]): Promise<SettleResult> {
  const recipient = certificates[0]?.signedOrder?.order.recipient;
  const signer = Array.from({ length: nextPayer }, (_, index) => createPayer('secp256k1', index + 1)).find(
    ({ address }) => address === recipient,
  );
  if (!signer) throw new Error('nobody received this');
  await lab.fund([{ account: signer.address, amount: 5_000_000n }]);
  // On Tempo the first transaction of any account costs 250,000 more.
  await lab.send(signer, [{ to: PATH_USD, data: callData('balanceOf(address)', [signer.address]) }], 1_000_000n);
  const { rpcUrl } = lab.node;
  return settle({ rpcUrl, reserve: lab.reserve, signer, certificates, committee: lab.committee.committee });
}

interface Row {
  readonly name: string;
  readonly scenario: Scenario;
  readonly way: Way;
  /** Gas for each payment, by size of batch. */
  readonly bounds?: Readonly<Record<number, number>>;
}

const rows: readonly Row[] = [
  {
    name: 'distinct existing accounts',
    scenario: pairs('secp256k1'),
    way: 'settleAttested',
    bounds: { 100: 18_000 },
  },
  { name: '20 accounts paying each other', scenario: circle, way: 'settleAttested', bounds: { 100: 8_000 } },
  { name: 'a chain A→B→C…', scenario: chain, way: 'settleAttested', bounds: { 100: 12_500 } },
  {
    name: 'recipient new to the reserve',
    scenario: pairs('secp256k1', { newRecipients: true }),
    way: 'settleAttested',
  },
  { name: 'withdrawal to an existing holder', scenario: withdrawal, way: 'settleAttested' },
  { name: 'P-256 payer', scenario: pairs('P-256'), way: 'settleAttested' },
  { name: 'WebAuthn payer', scenario: pairs('WebAuthn'), way: 'settleAttested' },
  { name: 'with 8 parents', scenario: pairs('secp256k1', { parents: 8 }), way: 'settleAttested' },
  {
    name: 'by certificates alone, its recipient',
    scenario: pairs('secp256k1'),
    way: 'settleOwn',
    bounds: { 1: 62_000 },
  },
  { name: 'by certificates alone, somebody else', scenario: pairs('secp256k1'), way: 'settle' },
];

/** What single transactions cost in all: the first of an account writes words that were empty, at 250,000 each. */
async function printDeposits(lab: Lab): Promise<void> {
  for (const kind of payerKinds) {
    const [signer = lab.treasury] = payers(1, kind);
    await lab.fund([{ account: signer.address, amount: 5_000_000n }]);
    for (const name of ['first deposit of an account', 'next deposit']) {
      const request = { network: { domain: lab.domain }, asset: PATH_USD, amount: 10_000n };
      const { transactionHash } = await sendDeposit(request, { rpc: lab.rpc, signer });
      const { gasUsed } = await waitForReceipt(lab.rpc, transactionHash);
      print(`${name}, ${kind}`, [Number(gasUsed)]);
    }
  }
}

function print(name: string, gas: readonly number[], remark = ''): void {
  console.log(name.padEnd(42) + gas.map((each) => (each / 1_000).toFixed(1).padStart(9)).join('') + remark);
}

const exceeded: string[] = [];

async function printRow(lab: Lab, { name, scenario, way, bounds = {} }: Row): Promise<void> {
  const measured: number[] = [];
  for (const size of BATCHES) {
    const certificates = await scenario(lab, size);
    const settled = way === 'settleOwn' ? settleOwn(lab, certificates) : lab[way](certificates);
    const { receipt, outcomes } = await settled;
    const failed = outcomes.filter((outcome) => outcome !== 'SETTLED');
    if (failed.length > 0) throw new Error(`${name}, ${size}: ${failed.length} not settled, ${failed[0]}`);
    const gas = Number(receipt.gasUsed) / size;
    measured.push(gas);
    const bound = bounds[size];
    if (bound !== undefined && gas > bound) exceeded.push(`${name}, batch of ${size}: ${gas.toFixed(0)} > ${bound}`);
  }
  const bound = Object.entries(bounds).map(([size, gas]) => `  at ${size} at most ${gas / 1_000}`);
  print(name, measured, bound.join(''));
}

/** Seconds until an exit can be executed. */
const EXIT_DELAY = 60n;

async function printExit(lab: Lab): Promise<void> {
  const [owner = lab.treasury] = payers(1);
  await lab.fund([{ account: owner.address, amount: 5_000_000n }]);
  await deposited(lab, [owner]);
  const send = async (name: string, data: Hex) => {
    const { gasUsed } = await lab.send(owner, [{ to: lab.reserve, data }], 3_000_000n);
    print(name, [Number(gasUsed)]);
  };
  await send('request an exit', encodeRequestExit(PATH_USD));
  await lab.rpc.request('evm_increaseTime', [Number(EXIT_DELAY)]);
  await send('exit', encodeExit(PATH_USD));
}

const lab = await startLab({ exitDelaySeconds: EXIT_DELAY });
try {
  console.log('\nthousand gas in all');
  const deployment = objectIn(
    await lab.rpc.request('eth_getBlockByNumber', [`0x${lab.deployHeight.toString(16)}`, false]),
    'block',
  );
  print('deployment', [Number(quantityIn(deployment.gasUsed, 'gas'))]);
  await printDeposits(lab);

  await printExit(lab);

  // The settler's first transaction and first fee would otherwise be in the first row.
  await lab.settle(await pairs('secp256k1')(lab, 1));
  console.log('\nthousand gas per payment, 3 of 4 signatures, all checks and the note of the fees included');
  console.log(' '.repeat(42) + BATCHES.map((size) => String(size).padStart(9)).join(''));
  for (const row of rows) await printRow(lab, row);
  if (exceeded.length > 0) {
    console.error(`\nabove the bounds:\n${exceeded.join('\n')}`);
    process.exitCode = 1;
  }
} finally {
  await lab.stop();
}
