import { verifyStatement } from '@fastpay/crypto';
import {
  type AccountAnswer,
  type AccountId,
  type BalanceOverlay,
  equalBytes,
  quorumStake,
  RejectError,
  type SignedOrder,
  type SignedStatement,
} from '@fastpay/protocol';
import type { ClientCore } from '../core.ts';

/** What one validator says of an account; its signature, its subject and its freshness are verified. */
export interface VerifiedStatement {
  readonly signer: number;
  readonly stake: bigint;
  /** Base units; below zero only on a validator that lags. */
  readonly balance: bigint;
  readonly next: bigint;
  readonly finalizedHeight: bigint;
  readonly unixMillis: bigint;
  /** Came along unsigned by the validator; whatever it is worth lies in the payer's own signature. */
  readonly pendingOrder?: SignedOrder;
  /** Came along unsigned, like the order. */
  readonly exitReadyAt?: bigint;
  readonly overlay?: BalanceOverlay;
}

/** Statements are 16 bytes of nonce away from being replayable (§7 rule 9). */
const NONCE_BYTES = 16;

/**
 * Asks every validator about an account, at most one verified statement each. What does not verify is left out:
 * whoever can forge answers can as well withhold them.
 * @throws RejectError TEMPORARILY_UNAVAILABLE.
 */
export async function askStatements(core: ClientCore, account: AccountId): Promise<readonly VerifiedStatement[]> {
  const { members } = core.context.committee;
  const nonce = core.random(NONCE_BYTES);
  const answers = await core.transport.accountStatements(account, nonce);
  // An honest relay sends one for each validator; more than a few would only be work.
  const verified = await Promise.all(
    answers.slice(0, 2 * members.length).map((answer) => verifyAnswer(core, account, nonce, answer)),
  );
  const bySigner = new Map<number, VerifiedStatement>();
  for (const statement of verified) {
    if (statement && !bySigner.has(statement.signer)) bySigner.set(statement.signer, statement);
  }
  return [...bySigner.values()];
}

async function verifyAnswer(
  { context }: ClientCore,
  account: AccountId,
  nonce: Uint8Array,
  { signed, pendingOrder, exitReadyAt, overlay }: AccountAnswer,
): Promise<VerifiedStatement | undefined> {
  const { statement, signature } = signed;
  const isAsked =
    statement.account.owner === account.owner &&
    statement.account.asset === account.asset &&
    equalBytes(statement.clientNonce, nonce);
  const stake = context.committee.members[signature.signer]?.stake;
  if (!isAsked || stake === undefined || !(await isSigned(context, signed))) return undefined;
  const { balance, next, finalizedHeight, unixMillis } = statement;
  return {
    signer: signature.signer,
    stake,
    balance,
    next,
    finalizedHeight,
    unixMillis,
    ...(pendingOrder ? { pendingOrder } : {}),
    ...(exitReadyAt === undefined ? {} : { exitReadyAt }),
    ...(overlay ? { overlay } : {}),
  };
}

async function isSigned(context: ClientCore['context'], signed: SignedStatement): Promise<boolean> {
  try {
    await verifyStatement(context, signed);
    return true;
  } catch (error) {
    if (error instanceof RejectError) return false;
    throw error;
  }
}

export function stakeOf(statements: readonly { readonly stake: bigint }[]): bigint {
  return statements.reduce((sum, { stake }) => sum + stake, 0n);
}

/** @throws RejectError TEMPORARILY_UNAVAILABLE unless the statements stand for a quorum. */
export function assertQuorumHeard(core: ClientCore, statements: readonly VerifiedStatement[]): void {
  const { committee } = core.context;
  if (stakeOf(statements) >= quorumStake(committee)) return;
  throw new RejectError(
    'TEMPORARILY_UNAVAILABLE',
    `${statements.length} of ${committee.members.length} validators answer; without more of them nothing can be verified`,
  );
}
