import { accountStatementBytes, bytesOf, RejectError, type SignedStatement } from '@fastpay/protocol';
import { memberThatSigned } from './committee-signature.ts';
import type { VerificationContext } from './context.ts';

/**
 * What one validator says of an account: Ed25519 by its voting key (§4). Freshness (the client's nonce) is the
 * caller's to check.
 * @throws RejectError INVALID_FORMAT or INVALID_SIGNATURE.
 */
export async function verifyStatement(context: VerificationContext, signed: SignedStatement): Promise<void> {
  const { epoch, statement, signature } = signed;
  const member = memberThatSigned(context, epoch, signature.signer);
  const bytes = accountStatementBytes({ separator: context.separator, epoch }, statement);
  // Never remembered: a statement is signed for one nonce and comes once.
  if (!(await context.engine.ed25519Verify(bytesOf(member.votingKey), bytes, signature.signature))) {
    throw new RejectError('INVALID_SIGNATURE', `the statement does not bear the signature of ${member.name}`);
  }
}
