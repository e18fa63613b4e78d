import { type BalanceOverlay, OrderKind, PATH_USD } from '@fastpay/protocol';
import { describe, expect, test } from 'vitest';
import type { Ending, Intent } from '../load/book.ts';
import type { Findings, ValidatorFindings, WalletFindings } from './findings.ts';
import { judge } from './judge.ts';
import { accountIn, ann, ben, dave, memoOf, paid, shop, skipped } from './testing.fixtures.ts';

const [first, second, third] = [memoOf(1), memoOf(2), memoOf(3)];
const toBen = paid({ sender: ann, recipient: ben, amount: 700n, memo: first });
const left = skipped(ann, 1n);
const toShop = paid({ sender: ben, recipient: shop, amount: 300n, memo: second, kind: OrderKind.withdraw });
const cancelled = paid({ sender: ann, recipient: ben, amount: 1n, sequence: 1n, memo: third });
const logs = [toBen, left, toShop];

const intent = (memo: typeof first, fields: Omit<Intent, 'memo' | 'device'>): Intent => ({
  memo,
  device: 'a phone',
  ...fields,
});
const intents = [
  intent(first, { owner: ann, recipient: ben, amount: 700n, kind: OrderKind.transfer }),
  intent(second, { owner: ben, recipient: shop, amount: 300n, kind: OrderKind.withdraw }),
  intent(third, { owner: ann, recipient: ben, amount: 1n, kind: OrderKind.transfer }),
];
const endings: readonly Ending[] = [
  { device: 'a phone', memo: first, transactionHash: toBen.value, end: 'paid' },
  { device: 'a phone', memo: third, transactionHash: cancelled.value, end: 'skipped' },
];

const settledAt = (balance: bigint) => ({ balance, overlay: { onChain: balance, unsettledIn: 0n, unsettledOut: 0n } });
const statements = new Map([
  [ann, settledAt(790n)],
  [ben, settledAt(390n)],
  [dave, settledAt(0n)],
  [shop, settledAt(0n)],
]);
const validator = (name: string): ValidatorFindings => ({
  name,
  certificates: logs,
  statements,
  deposits: [0n],
  evidence: 0,
  alarms: new Map([['fastpay_safety_alarms', 0]]),
});
const wallet: WalletFindings = {
  device: 'a phone',
  open: undefined,
  certificates: [toBen],
  paid: [toBen.value],
  skipped: [cancelled.value],
  unfinished: [],
};
const chain: Findings['chain'] = {
  deposits: [{ index: 0n, account: accountIn(ann), amount: 1_500n }],
  settled: [toBen.value, toShop.value],
  exits: [],
  accounts: new Map([
    [ann, { balance: 790n, owed: 0n }],
    [ben, { balance: 390n, owed: 0n }],
    [shop, { balance: 0n, owed: 0n }],
    // Who settled has the fees to fetch.
    [dave, { balance: 0n, owed: 20n }],
  ]),
  tokens: new Map([[shop, 300n]]),
  reserveTokens: 1_200n,
};
const sound: Findings = {
  asset: PATH_USD,
  validators: [validator('Dave'), validator('Edgar')],
  wallets: [wallet],
  chain,
};

const book = (changes: { intents?: readonly Intent[]; endings?: readonly Ending[] } = {}) => ({
  intents: new Map((changes.intents ?? intents).map((each) => [each.memo, each])),
  endings: changes.endings ?? endings,
});
const withChain = (changes: Partial<Findings['chain']>): Findings => ({ ...sound, chain: { ...chain, ...changes } });
const withValidator = (changes: Partial<ValidatorFindings>): Findings => ({
  ...sound,
  validators: [validator('Dave'), { ...validator('Edgar'), ...changes }],
});
const saying = (overlay: BalanceOverlay) => new Map([...statements, [ben, { balance: 390n, overlay }] as const]);
const withWallet = (changes: Partial<WalletFindings>): Findings => ({ ...sound, wallets: [{ ...wallet, ...changes }] });

test('a sound end has no problem', () => {
  expect(judge(sound, book())).toEqual([]);
});

test('what the token refused to pay out is owed, and not lost', () => {
  const accounts = new Map([...chain.accounts, [shop, { balance: 0n, owed: 300n }] as const]);
  const tokens = new Map([[shop, 0n]]);
  expect(judge(withChain({ accounts, tokens, reserveTokens: 1_500n }), book())).toEqual([]);
});

describe('is found:', () => {
  const cases: readonly (readonly [string, Findings, ReturnType<typeof book>, RegExp])[] = [
    ['two values of a slot', withValidator({ certificates: [toBen, cancelled, toShop] }), book(), /2 certified values/],
    ['a lost certificate', withValidator({ certificates: [toBen, toShop] }), book(), /Edgar does not have slot/],
    ['a slot listed twice', withValidator({ certificates: [...logs, toBen] }), book(), /lists 1 slots twice/],
    ['a gap in a log', withValidator({ certificates: [left, toShop] }), book(), /Edgar has a gap/],
    ['a payment that is not on chain', withChain({ settled: [toBen.value] }), book(), /on chain 0 times/],
    ['a payment twice on chain', withChain({ settled: [toBen.value, ...chain.settled] }), book(), /on chain 2 times/],
    ['a payment nobody asked for', sound, book({ intents: intents.slice(1) }), /nobody asked for/],
    [
      'a changed amount',
      sound,
      book({ intents: intents.map((each) => (each.memo === first ? { ...each, amount: 699n } : each)) }),
      /not what its owner asked for/,
    ],
    [
      'an intent paid twice',
      {
        ...sound,
        validators: sound.validators.map((each) => ({
          ...each,
          certificates: [...logs, paid({ sender: ann, recipient: ben, amount: 700n, memo: first, sequence: 2n })],
        })),
      },
      book(),
      /was paid 2 times/,
    ],
    [
      'a payment that a wallet saw paid and that is gone',
      sound,
      book({ endings: [{ device: 'a phone', memo: third, transactionHash: cancelled.value, end: 'paid' }] }),
      /saw .* paid, and it is in no log/,
    ],
    [
      'a payment that a wallet saw cancelled and that was made',
      sound,
      book({ endings: [{ device: 'a phone', memo: first, transactionHash: toBen.value, end: 'skipped' }] }),
      /and it was paid/,
    ],
    ['an open payment', withWallet({ open: toBen.value }), book(), /still open/],
    ['an unfinished line', withWallet({ unfinished: [toBen.value] }), book(), /unfinished/],
    ['a line that claims a payment', withWallet({ paid: [cancelled.value] }), book(), /as paid, and it is not/],
    ['a line that denies a payment', withWallet({ skipped: [toBen.value] }), book(), /as skipped, and it is paid/],
    [
      'a contract that has another balance',
      withChain({ accounts: new Map([...chain.accounts, [ben, { balance: 391n, owed: 0n }] as const]) }),
      book(),
      /has 391 in the contract, 390 by certificates/,
    ],
    [
      'a validator that says another balance',
      withValidator({ statements: new Map([...statements, [ben, { ...settledAt(390n), balance: 1n }] as const]) }),
      book(),
      /Edgar says .* has 1, not 390/,
    ],
    [
      'a validator that has seen less on the chain',
      withValidator({ statements: saying({ onChain: 90n, unsettledIn: 0n, unsettledOut: 0n }) }),
      book(),
      /Edgar says of .* that 90 is on the chain, not 390/,
    ],
    [
      'a validator that misses a settlement',
      withValidator({ statements: saying({ onChain: 390n, unsettledIn: 700n, unsettledOut: 700n }) }),
      book(),
      /Edgar says of .* that 700 in and 700 out are not settled/,
    ],
    ['a validator that says nothing', withValidator({ statements: new Map() }), book(), /no statement/],
    [
      'a validator that refuses',
      withValidator({ statements: { refusal: 'no' } }),
      book(),
      /Edgar makes no statements: no/,
    ],
    ['a withdrawal that did not arrive', withChain({ tokens: new Map() }), book(), /300 was withdrawn/],
    ['a withdrawal that arrived twice', withChain({ tokens: new Map([[shop, 600n]]) }), book(), /600 arrived/],
    ['a reserve that owes more than it has', withChain({ reserveTokens: 1_199n }), book(), /the reserve has 1199/],
    ['a token in the reserve that is nobody’s', withChain({ reserveTokens: 1_201n }), book(), /the reserve has 1201/],
    ['a deposit that was not taken in', withValidator({ deposits: [] }), book(), /took in deposits/],
    ['a deposit that was taken in twice', withValidator({ deposits: [0n, 0n] }), book(), /took in deposits/],
    ['an account that was not read', withChain({ accounts: new Map() }), book(), /was not read/],
    ['evidence', withValidator({ evidence: 1 }), book(), /1 proofs/],
    ['an alarm', withValidator({ alarms: new Map([['fastpay_observing', 1]]) }), book(), /fastpay_observing is 1/],
  ];
  test.each(cases)('%s', (_, findings, orders, problem) => {
    const problems = judge(findings, orders);
    expect(problems.join('\n')).toMatch(problem);
  });
});
