import type { Edit, Mutation } from './mutation.ts';

const rules = (file: string) => `packages/validator/src/rules/${file}.ts`;
const steps = (file: string) => `packages/validator/src/steps/${file}.ts`;
const crypto = (file: string) => `packages/crypto/src/${file}.ts`;

function mutation(
  name: string,
  ...edits: readonly (readonly [file: string, find: string, replace: string])[]
): Mutation {
  return { name, edits: edits.map(([file, find, replace]): Edit => ({ file, find, replace })) };
}

const VOTED =
  "if (vote) return vote.value === value ? { type: 'voted', vote } : { type: 'equivocation', value: vote.value };";

/** Validators that break one rule each. The simulator has to notice every one of them. */
export const mutations: readonly Mutation[] = [
  mutation('votes for two orders in round 0', [
    rules('vote'),
    VOTED,
    "if (vote?.value === value) return { type: 'voted', vote };",
  ]),
  mutation('votes for two values in a higher round', [
    rules('proposal'),
    VOTED,
    "if (vote?.value === value) return { type: 'voted', vote };",
  ]),
  mutation('forgets votes, promises and locks when it restarts', [
    'packages/validator/src/create-validator.ts',
    '  const ledger = createLedger(kv);\n',
    `  const open = [...kv.range({ start: Uint8Array.of(115), end: Uint8Array.of(116) })];
  if (open.length > 0) void kv.write(open.map(([key]) => ({ type: 'delete', key })));
  const ledger = createLedger(kv);\n`,
  ]),
  mutation('lets a vote out before it is durable', [
    steps('vote'),
    '  record(core, signedOrder, signed, surroundings);\n  await store.barrier();\n',
    '  record(core, signedOrder, signed, surroundings);\n',
  ]),
  mutation('lets a commit out before it is durable', [
    steps('commit'),
    "  await store.barrier();\n  return { type: 'commit', commit: signed };",
    "  return { type: 'commit', commit: signed };",
  ]),
  mutation('lets a promise out before it is durable', [
    steps('open-round'),
    '    record(core, signed, decision);\n    await store.barrier();\n',
    '    record(core, signed, decision);\n',
  ]),
  mutation('votes without the balance', [rules('vote'), 'if (balance < orderCost(order)) {', 'if (balance < 0n) {']),
  mutation('votes for less than the fee', [rules('vote'), 'if (order.fee < fee) {', 'if (order.fee < 0n) {']),
  mutation('does not look at parents', [
    rules('vote'),
    'const missing = order.parents.filter((parent) => !situation.isPaid(parent));',
    'const missing: readonly Hash[] = [];',
  ]),
  mutation('votes beyond the open slot', [
    rules('vote'),
    'if (order.sequence !== account.next)',
    'if (order.sequence < account.next)',
  ]),
  mutation('does not verify the payer', [
    steps('vote'),
    '  await checked.verifyPayer();\n  await takeInAttachments',
    '  await takeInAttachments',
  ]),
  mutation('commits below a promise', [
    rules('commit'),
    "if (isBelow(certificate, promised)) return { type: 'refuse', reject: staleRound(promised.round) };",
    '',
  ]),
  mutation('commits without looking at the votes', [
    steps('commit'),
    '  await verifyQuorumCertificate(context, certificate);\n',
    '',
  ]),
  mutation('promises without recording it', [steps('open-round'), '    record(core, signed, decision);\n', '']),
  mutation('leaves its own lock out of a promise', [
    steps('open-round'),
    'const lock = expected && lockOf(expected);',
    'const lock = undefined;',
  ]),
  mutation('votes against the highest lock', [
    rules('proposal'),
    'if (highestLock.value === value) return undefined;',
    'return undefined;',
  ]),
  mutation('does not verify promises', [steps('vote-in-round'), '    await verify();\n', '']),
  mutation('does not verify who opens a round', [steps('open-round'), '  await verifyAuthority();\n', '']),
  mutation('does not verify who proposes', [steps('vote-in-round'), '  await verifyAuthority();\n', '']),
  mutation('takes too few promises', [
    crypto('verify-promise'),
    'if (stake < quorumStake(committee)) throw invalid',
    'if (stake <= 0n) throw invalid',
  ]),
  mutation('takes one promise several times', [
    'packages/protocol/src/committee.ts',
    'if (!member || seen.has(signer)) return undefined;',
    'if (!member) return undefined;',
  ]),
  mutation('takes promises of other rounds', [
    crypto('verify-promise'),
    'promise.epoch !== epoch || promise.round !== round || ',
    'promise.epoch !== epoch || ',
  ]),
  mutation(
    'takes one signature several times for a quorum',
    [crypto('verify-certificate'), 'if (!(signer > previous)) {', 'if (signer < previous) {'],
    [
      'packages/protocol/src/committee.ts',
      'if (!member || seen.has(signer)) return undefined;',
      'if (!member) return undefined;',
    ],
  ),
  mutation('takes less than a quorum', [
    crypto('verify-certificate'),
    'if (stake < quorumStake(committee)) {',
    'if (stake <= 0n) {',
  ]),
  mutation('takes commits of mixed rounds for one certificate', [
    crypto('committee-signature'),
    'return settlementKeyCheck(context, commitDigest({ separator: context.separator, epoch }, ballot));',
    `const checks = [0, 1, 2, 3, 4, 5, 6].map((round) =>
    settlementKeyCheck(context, commitDigest({ separator: context.separator, epoch }, { ...ballot, round })),
  );
  return (member, signature) => checks.some((check) => check(member, signature) === true);`,
  ]),
  mutation('does not look at the signatures of certificates', [
    crypto('verify-certificate'),
    'if (failed >= 0) {',
    'if (failed >= signatures.length) {',
  ]),
  mutation('resolves without verifying', [
    steps('resolve'),
    '  await verifyCommitCertificate(core.context, certificate);\n',
    '',
  ]),
  mutation('resolves a slot twice', [
    rules('resolve'),
    `  if (resolvedValue === value) return { type: 'known' };
  if (account.isHalted) return { type: 'refuse', reject: haltedAccount() };
  if (resolvedValue !== undefined) return { type: 'conflict' };
`,
    "  if (account.isHalted) return { type: 'refuse', reject: haltedAccount() };\n",
  ]),
  mutation('debits without the fee', [
    rules('resolve'),
    'const cost = signedOrder ? orderCost(signedOrder.order) : 0n;',
    'const cost = signedOrder ? signedOrder.order.amount : 0n;',
  ]),
  mutation('credits withdrawals', [
    rules('resolve'),
    'return signedOrder?.order.kind === OrderKind.transfer ? signedOrder.order.amount : undefined;',
    'return signedOrder?.order.amount;',
  ]),
  mutation('counts credits when it commits', [
    steps('commit'),
    '  store.commit(step);\n',
    `  if (signedOrder?.order.kind === 0) {
    const recipient = { owner: signedOrder.order.recipient, asset: slot.asset };
    const before = step.account(recipient) ?? { balance: 0n, next: 0n, resolvedAhead: 0n, isHalted: false };
    step.putAccount(recipient, { ...before, balance: before.balance + signedOrder.order.amount });
  }
  store.commit(step);
`,
  ]),
  mutation('does not move over slots resolved before', [
    rules('resolve'),
    'while (resolvedAhead & 1n) {',
    'if (resolvedAhead & 1n) {',
  ]),
  mutation('takes in deposits again and again', [
    steps('chain'),
    'nextDepositIndex: nextDepositIndex + BigInt(fresh.length)',
    'nextDepositIndex',
  ]),
  mutation('votes while the account leaves', [
    rules('vote'),
    "  if (isExiting(account)) return exiting('the account is leaving: it makes no new payments');\n",
    '',
  ]),
  mutation('ignores requested exits', [
    rules('exit'),
    'return account?.exit?.readyAt !== undefined;',
    'return account === undefined;',
  ]),
  mutation('signs with an older database', [
    rules('marker'),
    "return recorded < marker.count ? 'storeRolledBack' : undefined;",
    'return undefined;',
  ]),
  mutation('signs with a new database in the place of a lost one', [
    rules('marker'),
    "return marker.count === 0n && recorded === 0n ? undefined : 'storeReplaced';",
    'return undefined;',
  ]),
  mutation('keeps silent with the newest database', [
    rules('marker'),
    "return recorded < marker.count ? 'storeRolledBack' : undefined;",
    "return recorded <= marker.count && recorded > 0n ? 'storeRolledBack' : undefined;",
  ]),
  mutation('signs after its database was put back', [
    'packages/validator/src/signing-gate.ts',
    '      if (!reason) return;\n      throw',
    '      if (reason !== undefined || reason === undefined) return;\n      throw',
  ]),
];
