import type { PayerSigner } from '@fastpay/crypto';
import { type CommitCertificate, OrderKind, PATH_USD } from '@fastpay/protocol';
import { objectIn, quantityIn } from '../src/answers.ts';
import { sendDeposit } from '../src/deposit.ts';
import { waitForReceipt } from '../src/receipt.ts';
import { createOrder } from '../src/testing/committee.fixtures.ts';
import { type Lab, startLab } from '../src/testing/lab.fixtures.ts';
import { createPayer, type PayerKind, payerKinds } from '../src/testing/payers.fixtures.ts';

/** Prints what the reserve costs on a Tempo node: `npm run gas -w @fastpay/tempo`. */

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

const scenarios: readonly (readonly [name: string, scenario: Scenario])[] = [
  ['distinct existing accounts', pairs('secp256k1')],
  ['20 accounts paying each other', circle],
  ['a chain A→B→C…', chain],
  ['recipient new to the reserve', pairs('secp256k1', { newRecipients: true })],
  ['withdrawal to an existing holder', withdrawal],
  ['P-256 payer', pairs('P-256')],
  ['WebAuthn payer', pairs('WebAuthn')],
  ['with 8 parents', pairs('secp256k1', { parents: 8 })],
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

function print(name: string, gas: readonly number[]): void {
  console.log(name.padEnd(42) + gas.map((each) => (each / 1_000).toFixed(1).padStart(9)).join(''));
}

const lab = await startLab();
try {
  console.log('\nthousand gas in all');
  const deployment = objectIn(
    await lab.rpc.request('eth_getBlockByNumber', [`0x${lab.deployHeight.toString(16)}`, false]),
    'block',
  );
  print('deployment', [Number(quantityIn(deployment.gasUsed, 'gas'))]);
  await printDeposits(lab);

  // The settler's first transaction and first fee would otherwise be in the first row.
  await lab.settle(await pairs('secp256k1')(lab, 1));
  console.log('\nthousand gas per payment, 3 of 4 commits, payout of the fees included');
  console.log(' '.repeat(42) + BATCHES.map((size) => String(size).padStart(9)).join(''));
  for (const [name, scenario] of scenarios) {
    const row: number[] = [];
    for (const size of BATCHES) {
      const { receipt, outcomes } = await lab.settle(await scenario(lab, size));
      const failed = outcomes.filter((outcome) => outcome !== 'SETTLED');
      if (failed.length > 0) throw new Error(`${name}, ${size}: ${failed.length} not settled, ${failed[0]}`);
      row.push(Number(receipt.gasUsed) / size);
    }
    print(name, row);
  }
} finally {
  await lab.stop();
}
