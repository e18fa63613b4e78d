/** Faults of every kind, as they are counted; a run of enough seeds has had them all. */
export const FAULTS = [
  'messageDropped',
  'messageDelayed',
  'messageDuplicated',
  'messageCorrupted',
  'messageReordered',
  'partition',
  'validatorCrash',
  'crashAtWrite',
  'batchesLost',
  'batchesTorn',
  'clientCrash',
  'clientCrashAtWrite',
  'clockSkew',
  'slowDisk',
  'lateDeposit',
  'databaseRolledBack',
  'abandonedBlocks',
  'byzantineDoubleVote',
  'byzantineVoteWithoutBalance',
  'byzantineBrokenPromise',
  'byzantineGarbage',
  'byzantineSilence',
  'byzantineLieInSync',
  'byzantineFalseStatement',
  'relayForged',
  'relayDropped',
  'relayMixed',
  'relayFalseClaim',
  'forgedCertificate',
  'forgedProposal',
  'equivocation',
] as const;

export type Fault = (typeof FAULTS)[number];

/**
 * What has to happen now and then for a run to have shown anything. A run of enough seeds in which one of these never
 * occurred fails, with its name.
 */
export const SITUATIONS = {
  paid: 'payments with a commit certificate',
  chainedSpend: 'payments out of money that was itself only certified',
  deepChain: 'chains of four payments or more, each out of the one before',
  attachedPredecessor: 'requests that brought the certificates that a validator lacked',
  splitSlot: 'slots in which honest validators voted for different orders in one round',
  splitSlotResolved: 'such slots that ended all the same',
  carriedIntoRound: 'commit certificates of a round above 0',
  lockCarried: 'values that a lock carried into a higher round',
  cancelled: 'payments that their owner called off in time',
  skipped: 'slots closed with SKIP',
  equivocationRefused: 'votes refused because another order holds the slot',
  staleRoundRefused: 'requests refused below a promised round',
  overspendRefused: 'orders refused for lack of money',
  forgeryRefused: 'forged certificates and proposals refused',
  crashBetweenVoteAndAnswer: 'validators that died with a vote recorded and not sent',
  crashBetweenCommitAndAnswer: 'validators that died with a commit recorded and not sent',
  repeatedAnswer: 'stored votes and commits that were given again',
  resumedWithSameBytes: 'wallets that died and sent the same bytes again',
  adoptedOtherDevice: 'wallets that finished what another device of theirs began',
  caughtUpFromPeers: 'resolutions that a validator took over from a peer',
  outOfOrderResolution: 'slots resolved before their predecessor',
  lateDepositSpent: 'payments out of a deposit that some validator had not seen yet',
  byzantineQuorum: 'certificates that count the vote of a Byzantine validator',
} as const;

export type Situation = keyof typeof SITUATIONS;
