import {
  type Certificate,
  type CommitCertificate,
  type CommitteeMember,
  equalSlots,
  type QuorumCertificate,
  quorumStake,
  RejectError,
  SKIP,
  slotOf,
  stakeOfDistinct,
} from '@fastpay/protocol';
import { assertValidRound, commitCheck, type SignatureCheck, voteCheck } from './committee-signature.ts';
import type { VerificationContext } from './context.ts';
import type { Awaitable } from './engine.ts';
import { type CheckedOrder, checkOrder } from './verify-order.ts';

/**
 * Votes of stake ≥ q for one value in one slot and round, with the order that hashes to it (§4).
 * @throws RejectError INVALID_CERTIFICATE.
 */
export async function verifyQuorumCertificate(context: VerificationContext, qc: QuorumCertificate): Promise<void> {
  await verifyCertificate(context, qc, voteCheck);
}

/**
 * Commits of stake ≥ q, all of one round (§4). Over an order it is money.
 * @throws RejectError INVALID_CERTIFICATE.
 */
export async function verifyCommitCertificate(context: VerificationContext, cc: CommitCertificate): Promise<void> {
  await verifyCertificate(context, cc, commitCheck);
}

/** Cheap checks first: who could sign, then what, then one signature after the other. */
async function verifyCertificate(
  context: VerificationContext,
  certificate: Certificate,
  checkOf: (context: VerificationContext, certificate: Certificate, epoch: bigint) => SignatureCheck,
): Promise<void> {
  assertQuorum(context, certificate);
  try {
    assertValidRound(certificate.round);
    const order = orderBehind(context, certificate);
    await verifySignatures(context, certificate, checkOf(context, certificate, certificate.epoch));
    await order?.verifyPayer();
  } catch (error) {
    // Whatever is wrong inside a certificate, what fails is the certificate: nobody should retry its parts.
    if (!(error instanceof RejectError)) throw error;
    throw invalidCertificate(error);
  }
}

function invalidCertificate(cause: RejectError): RejectError {
  return new RejectError('INVALID_CERTIFICATE', `the certificate proves nothing: ${cause.message}`, {}, { cause });
}

function assertQuorum({ committee }: VerificationContext, { epoch, signatures }: Certificate): void {
  if (epoch !== committee.epoch) {
    throw new RejectError('INVALID_CERTIFICATE', `the certificate is of epoch ${epoch}, not ${committee.epoch}`);
  }
  let previous = -1;
  for (const { signer } of signatures) {
    if (!(signer > previous)) {
      throw new RejectError('INVALID_CERTIFICATE', 'the signers do not ascend, each once');
    }
    previous = signer;
  }
  const stake = stakeOfDistinct(
    committee,
    signatures.map(({ signer }) => signer),
  );
  if (stake === undefined) throw new RejectError('INVALID_CERTIFICATE', 'a signer is not in the committee');
  if (stake < quorumStake(committee)) {
    throw new RejectError('INVALID_CERTIFICATE', 'the signers hold less stake than a quorum');
  }
}

/** The order that the value stands for, its form checked; undefined for SKIP. */
function orderBehind(
  context: VerificationContext,
  { value, slot, signedOrder }: Certificate,
): CheckedOrder | undefined {
  if (!signedOrder) {
    if (value !== SKIP) throw new RejectError('INVALID_CERTIFICATE', 'the order is missing');
    return undefined;
  }
  if (!equalSlots(slotOf(signedOrder.order), slot)) {
    throw new RejectError('INVALID_CERTIFICATE', 'the order belongs to another slot');
  }
  const checked = checkOrder(context, signedOrder);
  if (checked.hash !== value) throw new RejectError('INVALID_CERTIFICATE', 'the order does not hash to the value');
  return checked;
}

async function verifySignatures(
  { committee }: VerificationContext,
  { signatures }: Certificate,
  check: SignatureCheck,
): Promise<void> {
  const checks: Awaitable<boolean>[] = [];
  for (const signature of signatures) {
    const valid = check(committee.members[signature.signer] as CommitteeMember, signature);
    checks.push(valid);
    // One bad signature settles it: whoever forges shall not buy more work than one verification.
    if (valid === false) break;
  }
  const failed = (await Promise.all(checks)).indexOf(false);
  if (failed >= 0) {
    const signer = signatures[failed]?.signer;
    throw new RejectError('INVALID_CERTIFICATE', `the signature of signer ${signer} does not match`);
  }
}
