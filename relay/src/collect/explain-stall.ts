import { type Committee, quorumStake, RejectError, validityStake } from '@fastpay/protocol';

/** Refusals that speak of the validator's own state, not of the payment. */
const transientCodes: readonly string[] = ['TEMPORARILY_UNAVAILABLE', 'RATE_LIMITED', 'STALE_CHAIN'];

interface Stall {
  readonly committee: Committee;
  readonly signers: readonly number[];
  readonly failures: ReadonlyMap<number, RejectError>;
}

/**
 * Why no quorum stands, in the most helpful form: the refusal that validators of stake ≥ v agree on, since one of
 * them is honest (one that no retry can change before one that may pass); otherwise who is missing.
 */
export function explainStall({ committee, signers, failures }: Stall): RejectError {
  const stakeOf = (signer: number) => committee.members[signer]?.stake ?? 0n;
  const refusals = [...failures].filter(([, reject]) => !transientCodes.includes(reject.code));
  const stakeByCode = new Map<string, bigint>();
  for (const [signer, { code }] of refusals) {
    stakeByCode.set(code, (stakeByCode.get(code) ?? 0n) + stakeOf(signer));
  }
  const agreed = refusals
    .map(([, reject]) => reject)
    .filter(({ code }) => (stakeByCode.get(code) ?? 0n) >= validityStake(committee))
    .toSorted(
      (left, right) =>
        Number(left.retryable) - Number(right.retryable) ||
        Number((stakeByCode.get(right.code) ?? 0n) - (stakeByCode.get(left.code) ?? 0n)),
    );
  return agreed[0] ?? whoIsMissing({ committee, signers, failures });
}

function whoIsMissing({ committee, signers, failures }: Stall): RejectError {
  const { members } = committee;
  const nameOf = (signer: number) => members[signer]?.name ?? `validator ${signer}`;
  const silent = [...failures]
    .filter(([, { code }]) => code === 'TEMPORARILY_UNAVAILABLE')
    .map(([signer]) => signer)
    .toSorted((left, right) => left - right);
  const refusals = [...failures].filter(([, { code }]) => code !== 'TEMPORARILY_UNAVAILABLE');
  const verb = refusals.length === 0 ? 'answer' : 'sign';
  const parts = [
    `${share(committee, signers)} ${verb}; ${needed(committee)}.`,
    ...(silent.length > 0 ? [`No answer from ${names(silent.map(nameOf))}.`] : []),
    ...refusals.map(([signer, reject]) => `${nameOf(signer)} refused: ${reject.message} (${reject.code}).`),
    'Nothing is lost: the same payment completes when enough of them return.',
  ];
  return new RejectError('TEMPORARILY_UNAVAILABLE', parts.join(' ').slice(0, 500));
}

function share({ members }: Committee, signers: readonly number[]): string {
  if (hasEqualStakes(members)) return `${signers.length} of ${members.length} validators`;
  const stake = signers.reduce((sum, signer) => sum + (members[signer]?.stake ?? 0n), 0n);
  const total = members.reduce((sum, member) => sum + member.stake, 0n);
  return `validators with ${stake} of ${total} stake`;
}

function needed(committee: Committee): string {
  const quorum = quorumStake(committee);
  const [first] = committee.members;
  if (!first || !hasEqualStakes(committee.members)) return `${quorum} is needed`;
  const count = (quorum + first.stake - 1n) / first.stake;
  return count === 1n ? '1 is needed' : `${count} are needed`;
}

function hasEqualStakes(members: Committee['members']): boolean {
  return members.every(({ stake }) => stake === members[0]?.stake);
}

function names(list: readonly string[]): string {
  return list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;
}
