import { type VerificationContext, verifySignedOrder } from '@fastpay/crypto';
import {
  type CommitCertificate,
  type Committee,
  type Hash,
  RejectError,
  type SignedOrder,
  type Stage,
  validityStake,
} from '@fastpay/protocol';
import type { PaymentStatus, PaymentView, SettlementReference } from '@fastpay/rpc';
import type { CachedPayment } from './certificate-cache.ts';
import type { RunProgress } from './payment-runs.ts';

export interface PaymentEvidence {
  /** Verified certificates. */
  readonly cached: CachedPayment | undefined;
  /** What this relay is doing about it now. */
  readonly progress: RunProgress | undefined;
  /** What validators say; certificates in it that verify are in `cached` already. */
  readonly views: readonly { readonly signer: number; readonly view: PaymentView }[];
  /** What holds the order's slot, by a verified certificate. */
  resolutionOf(order: SignedOrder): CommitCertificate | undefined;
}

/**
 * The furthest stage that holds (§10). Certificates carry it as far as QUEUED_ONCHAIN and are part of the answer. What
 * nobody signs (that a vote was cast elsewhere, that a settlement is on chain) holds once validators of stake ≥ v say
 * the same, since one of them is honest (§2).
 */
export async function paymentStatus(
  transactionHash: Hash,
  evidence: PaymentEvidence,
  context: VerificationContext,
): Promise<PaymentStatus> {
  const { cached, progress } = evidence;
  const voteCount = Math.max(progress?.votes ?? 0, cached?.quorum?.signatures.length ?? 0);
  const commitCount = Math.max(progress?.commits ?? 0, cached?.commit?.signatures.length ?? 0);
  const signedOrder = await orderOf(transactionHash, evidence, context);
  const resolution = cached?.commit ?? (signedOrder && evidence.resolutionOf(signedOrder));
  const onChain = cached?.commit && agreedSettlement(evidence.views, context.committee);
  const stage = onChain?.stage ?? provenStage({ transactionHash, resolution, voteCount, evidence }, context.committee);
  return {
    voteCount,
    commitCount,
    ...(stage ? { stage } : {}),
    ...(signedOrder ? { signedOrder } : {}),
    ...(cached?.quorum ? { quorumCertificate: cached.quorum } : {}),
    ...(resolution ? { commitCertificate: resolution } : {}),
    ...(onChain ? { settlement: onChain.settlement } : {}),
  };
}

function provenStage(
  known: {
    readonly transactionHash: Hash;
    readonly resolution: CommitCertificate | undefined;
    readonly voteCount: number;
    readonly evidence: PaymentEvidence;
  },
  committee: Committee,
): Stage | undefined {
  if (known.resolution) return known.resolution.value === known.transactionHash ? 'QUEUED_ONCHAIN' : 'SKIPPED';
  if (known.evidence.cached?.quorum) return 'CERTIFIED';
  const reporters = known.evidence.views.map(({ signer }) => signer);
  return known.voteCount > 0 || holdsValidity(committee, reporters) ? 'ACCEPTED' : undefined;
}

async function orderOf(
  transactionHash: Hash,
  { cached, progress, views }: PaymentEvidence,
  context: VerificationContext,
): Promise<SignedOrder | undefined> {
  const verified = cached?.commit?.signedOrder ?? cached?.quorum?.signedOrder ?? progress?.signedOrder;
  if (verified) return verified;
  for (const { view } of views) {
    try {
      if ((await verifySignedOrder(context, view.signedOrder)) === transactionHash) return view.signedOrder;
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
    }
  }
  return undefined;
}

/** The settlement that validators of stake ≥ v report, as final as stake ≥ v report it. */
function agreedSettlement(
  views: PaymentEvidence['views'],
  committee: Committee,
): { readonly stage: Stage; readonly settlement: SettlementReference } | undefined {
  const reports = views.flatMap(({ signer, view }) =>
    view.settlement && (view.stage === 'INCLUDED' || view.stage === 'FINALIZED')
      ? [{ signer, stage: view.stage, settlement: view.settlement }]
      : [],
  );
  for (const { settlement } of reports) {
    const same = reports.filter(
      (report) =>
        report.settlement.block.hash === settlement.block.hash &&
        report.settlement.transactionHash === settlement.transactionHash,
    );
    const signersAt = (stages: readonly Stage[]) =>
      same.filter(({ stage }) => stages.includes(stage)).map(({ signer }) => signer);
    if (holdsValidity(committee, signersAt(['FINALIZED']))) return { stage: 'FINALIZED', settlement };
    if (holdsValidity(committee, signersAt(['INCLUDED', 'FINALIZED']))) return { stage: 'INCLUDED', settlement };
  }
  return undefined;
}

function holdsValidity(committee: Committee, signers: readonly number[]): boolean {
  const stake = signers.reduce((sum, signer) => sum + (committee.members[signer]?.stake ?? 0n), 0n);
  return stake >= validityStake(committee);
}
