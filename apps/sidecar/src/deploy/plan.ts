import { assertValidVotingKeys } from '@fastpay/crypto';
import { type Committee, type Network, RejectError, validityStake } from '@fastpay/protocol';
import { ConfigError, type ConfigProblem } from '../config/error.ts';

/** What an operator asks for before a reserve is deployed, with everything that can be checked without the chain. */
export interface DeployRequest {
  readonly kind: Network['kind'];
  readonly committee: Committee;
  readonly exitDelaySeconds: bigint;
  /** Somebody said in so many words that this is real money. */
  readonly allowsMainnet: boolean;
}

const DAY_SECONDS = 86_400n;
/** An exit must leave the validators time to see it and to settle what is outstanding (protocol §5 rule 6). */
const leastExitDelaySeconds: Record<Network['kind'], bigint> = {
  devnet: 20n,
  testnet: 600n,
  mainnet: DAY_SECONDS,
};
const MOST_EXIT_DELAY_SECONDS = 90n * DAY_SECONDS;

/**
 * @throws ConfigError that lists everything that is wrong.
 * @returns What is allowed but should be known, for people.
 */
export function checkDeploy({ kind, committee, exitDelaySeconds, allowsMainnet }: DeployRequest): readonly string[] {
  const problems: ConfigProblem[] = [];
  const warnings: string[] = [];
  try {
    assertValidVotingKeys(committee);
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
    problems.push({ field: 'committee', problem: error.message, fix: 'take the public half that keygen printed' });
  }
  const least = leastExitDelaySeconds[kind];
  if (exitDelaySeconds < least || exitDelaySeconds > MOST_EXIT_DELAY_SECONDS) {
    problems.push({
      field: '--exit-delay',
      problem: `expected ${least} to ${MOST_EXIT_DELAY_SECONDS} seconds on a ${kind}`,
      fix: '604800 (a week) is a good choice',
    });
  }
  const validity = validityStake(committee);
  const heavy = committee.members.filter(({ stake }) => stake >= validity);
  if (heavy.length > 0) {
    const names = heavy.map(({ name }) => name).join(', ');
    const problem = `${names} alone could let a payer spend twice: each has a third of the stake or more`;
    if (kind === 'mainnet')
      problems.push({ field: 'committee', problem, fix: 'four or more validators of like stake' });
    else warnings.push(problem);
  }
  if (kind === 'mainnet' && !allowsMainnet) {
    problems.push({ field: '--mainnet', problem: 'this is real money', fix: 'say --mainnet yes when you mean it' });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return warnings;
}
