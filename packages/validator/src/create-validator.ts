import {
  type CryptoEngine,
  createVerificationContext,
  type Secp256k1Signer,
  signCommit,
  signVote,
  type VotingSigner,
  verifyCommitCertificate,
  verifyQuorumCertificate,
  verifySignedOrder,
} from '@fastpay/crypto';
import {
  accountStatementBytes,
  assertValidOrder,
  type Ballot,
  type CommitCertificate,
  type Hash,
  limits,
  type Network,
  RejectError,
  type Slot,
  slotOf,
  transactionHash,
  ZERO_HASH,
} from '@fastpay/protocol';
import type { Kv } from '@fastpay/storage';
import { createBulletin } from './bulletin.ts';
import { StoreFailureError } from './errors.ts';
import { decideCommit } from './rules/commit.ts';
import { applyDeposits } from './rules/deposit.ts';
import { resolve } from './rules/resolve.ts';
import { applySettlements } from './rules/settlement.ts';
import { decideFromSlot, decideVote, type VoteSituation } from './rules/vote.ts';
import { beginStep, createLedger, type LedgerStep } from './state/ledger.ts';
import { bindStore } from './state/meta.ts';
import { EMPTY_ACCOUNT, type OpenSlot } from './state/records.ts';
import type { PaymentView, Surroundings, Validator } from './validator.ts';

export interface ValidatorOptions {
  readonly network: Network;
  /** Index of this validator in the committee. */
  readonly signer: number;
}

export interface ValidatorDependencies {
  readonly kv: Kv;
  readonly engine: CryptoEngine;
  readonly votingSigner: VotingSigner;
  readonly settlementSigner: Secp256k1Signer;
  /** 16 fresh random bytes: the identity of a store that is new. */
  readonly newStoreId: () => Uint8Array;
}

/**
 * The state machine of §5 over a store. Each step first verifies what needs time, then reads, decides and writes in
 * one go without a pause, then waits until the record is durable, and only then lets a signature out.
 * @throws StoreMismatchError when the store belongs to another network or validator, or the keys to another member.
 */
export function createValidator(options: ValidatorOptions, dependencies: ValidatorDependencies): Validator {
  const { network, signer } = options;
  const { kv, engine, votingSigner, settlementSigner, newStoreId } = dependencies;
  const context = createVerificationContext(network, engine);
  const { separator } = context;
  const { epoch } = network.committee;
  const assets = new Set(network.assets.map(({ address }) => address));
  const storeId = bindStore(kv, network, signer, newStoreId);
  const ledger = createLedger(kv);
  const bulletin = createBulletin(kv, certificateOf);
  let failed: StoreFailureError | undefined;

  function certificateOf(slot: Slot): CommitCertificate {
    const certificate = ledger.resolved(slot);
    if (!certificate) throw new Error('the log names a slot without a certificate');
    return certificate;
  }

  function assertUsable(): void {
    if (failed) throw failed;
  }

  /** Writes a step; resolves once it, and everything written before it, is durable. */
  async function write(step: LedgerStep): Promise<void> {
    assertUsable();
    const belowCursor = bulletin.nextCursor;
    try {
      await kv.write(step.operations);
    } catch (cause) {
      failed ??= new StoreFailureError('the store failed; this validator answers no more', { cause });
    }
    assertUsable();
    bulletin.release(belowCursor);
  }

  /** Everything that an answer rests on is durable when this resolves. */
  const settleWrites = () => write(beginStep(ledger));

  function situationOf(slot: Slot, recipient: Slot['owner'], { nowMs }: Surroundings): VoteSituation {
    return {
      network,
      now: BigInt(Math.floor(nowMs / 1000)),
      finalized: ledger.chain().finalized,
      account: ledger.account(slot),
      slot: ledger.openSlot(slot),
      resolved: ledger.resolved(slot),
      isRecipientKnown: ledger.account({ owner: recipient, asset: slot.asset }) !== undefined,
      isPaid: (hash: Hash) => isResolved(hash),
    };
  }

  function isResolved(hash: Hash): boolean {
    const payment = ledger.payment(hash);
    return payment !== undefined && ledger.resolved(payment.slot)?.value === hash;
  }

  function assertAttachmentCount(attachments: readonly CommitCertificate[]): void {
    if (attachments.length <= limits.attachments) return;
    throw new RejectError('INVALID_FORMAT', `a request carries at most ${limits.attachments} certificates`);
  }

  /** Rule 3 for one certificate; true when it was new here. */
  async function take(certificate: CommitCertificate): Promise<boolean> {
    assertUsable();
    if (ledger.resolved(certificate.slot)?.value === certificate.value) {
      await settleWrites();
      return false;
    }
    assertListed(certificate.slot.asset);
    await verifyCommitCertificate(context, certificate);
    const step = beginStep(ledger);
    const outcome = resolve(step, certificate, bulletin.nextCursor);
    if (outcome === 'resolved') bulletin.reserve(1n);
    if (outcome === 'conflict') halt(step, certificate);
    await write(step);
    if (outcome === 'conflict') {
      throw new RejectError(
        'TEMPORARILY_UNAVAILABLE',
        'another certificate already holds this slot; both are kept as evidence and the account is halted',
      );
    }
    return outcome === 'resolved';
  }

  function halt(step: LedgerStep, certificate: CommitCertificate): void {
    step.putEvidence(certificate);
    step.putAccount(certificate.slot, { ...(step.account(certificate.slot) ?? EMPTY_ACCOUNT), isHalted: true });
  }

  async function takeAll(attachments: readonly CommitCertificate[]): Promise<void> {
    for (const attachment of attachments) await take(attachment);
  }

  function assertListed(asset: Slot['asset']): void {
    if (!assets.has(asset)) throw new RejectError('NOT_PAYMENT', 'the asset is not on this network’s list');
  }

  function paymentView(hash: Hash): PaymentView | undefined {
    const payment = ledger.payment(hash);
    if (!payment) return undefined;
    const { stage, slot, settlement } = payment;
    const resolved = ledger.resolved(slot);
    const commitCertificate = resolved?.value === hash ? resolved : undefined;
    const signedOrder = commitCertificate?.signedOrder ?? payment.signedOrder;
    if (!signedOrder) throw new Error(`payment ${hash} has no order`);
    return {
      transactionHash: hash,
      stage,
      signedOrder,
      ...(commitCertificate && { commitCertificate }),
      ...(settlement && { settlement }),
    };
  }

  return {
    async vote({ signedOrder, attachments }, surroundings) {
      assertUsable();
      const { order } = signedOrder;
      assertValidOrder(order, network.domain.reserve);
      assertListed(order.asset);
      assertAttachmentCount(attachments);
      const slot = slotOf(order);
      const hash = transactionHash(order, separator);
      const ballot: Ballot = { slot, round: 0, value: hash };
      const situation = () => situationOf(slot, order.recipient, surroundings);

      // What was answered before is answered again, unverified: the stored order was verified then.
      let decision = earlyDecision(() => decideFromSlot(signedOrder, hash, situation()), attachments);
      if (!decision) {
        await verifySignedOrder(context, signedOrder);
        await takeAll(attachments);
        decision = decideVote(signedOrder, hash, situation());
      }
      const step = beginStep(ledger);
      if (decision.type === 'record') {
        step.putOpenSlot(slot, decision.slot);
        if (!ledger.payment(hash)) step.putPayment(hash, { stage: 'ACCEPTED', slot, signedOrder });
      }
      await write(step);
      if (decision.type === 'resolved') return decision;
      return { type: 'vote', vote: await signVote(context, ballot, signer, votingSigner) };
    },

    async commit({ certificate, attachments }) {
      assertUsable();
      const { slot, round, value, signedOrder } = certificate;
      assertListed(slot.asset);
      assertAttachmentCount(attachments);
      if (certificate.epoch !== epoch) {
        throw new RejectError('INVALID_CERTIFICATE', `the certificate is of epoch ${certificate.epoch}, not ${epoch}`);
      }
      const decide = () =>
        decideCommit(certificate, {
          account: ledger.account(slot),
          slot: ledger.openSlot(slot),
          resolved: ledger.resolved(slot),
        });
      let decision = earlyDecision(decide, attachments);
      if (decision?.type === 'record' || decision?.type === 'alarm' || !decision) {
        await verifyQuorumCertificate(context, certificate);
        await takeAll(attachments);
        decision = decide();
      }
      const step = beginStep(ledger);
      if (decision.type === 'record') recordCommit(step, slot, decision.slot, value, signedOrder);
      if (decision.type === 'alarm') {
        step.putAccount(slot, { ...(ledger.account(slot) ?? EMPTY_ACCOUNT), isHalted: true });
      }
      await write(step);
      if (decision.type === 'resolved') return decision;
      if (decision.type === 'alarm') {
        throw new RejectError('TEMPORARILY_UNAVAILABLE', 'two quorum certificates of one round: the account is halted');
      }
      return { type: 'commit', commit: await signCommit(context, { slot, round, value }, signer, settlementSigner) };
    },

    resolve: take,

    async applyFinalized(finalized, deposits) {
      const step = beginStep(ledger);
      bulletin.reserve(applyDeposits(step, finalized, deposits, bulletin.nextCursor));
      await write(step);
    },

    async applySettlements(observations) {
      const step = beginStep(ledger);
      bulletin.reserve(applySettlements(step, observations, bulletin.nextCursor));
      await write(step);
    },

    async account(account, clientNonce, { nowMs }) {
      assertListed(account.asset);
      if (clientNonce.length !== 16) throw new RejectError('INVALID_FORMAT', 'the client nonce is 16 bytes');
      const record = ledger.account(account);
      const { balance, next } = record ?? EMPTY_ACCOUNT;
      const { finalized } = ledger.chain();
      const open = ledger.openSlot({ ...account, sequence: next as Slot['sequence'] });
      const statement = {
        account,
        balance,
        next,
        finalizedHeight: finalized?.height ?? 0n,
        finalizedHash: finalized?.hash ?? ZERO_HASH,
        unixMillis: BigInt(Math.floor(nowMs)),
        clientNonce,
      };
      await settleWrites();
      const signature = await votingSigner.sign(accountStatementBytes({ separator, epoch }, statement));
      const pendingOrder = open?.locked?.signedOrder ?? open?.votes.at(-1)?.signedOrder;
      return {
        signed: { epoch, statement, signature: { signer, signature } },
        known: record !== undefined,
        ...(pendingOrder && { pendingOrder }),
      };
    },

    payment: paymentView,
    bulletin: bulletin.page,
    onBulletinEntry: bulletin.onEntry,
    finalized: () => ledger.chain().finalized,
    nextDepositIndex: () => ledger.chain().nextDepositIndex,
    storeId: () => Uint8Array.from(storeId),
  };

  function recordCommit(
    step: LedgerStep,
    slot: Slot,
    open: OpenSlot,
    value: Hash,
    signedOrder: PaymentView['signedOrder'] | undefined,
  ): void {
    step.putOpenSlot(slot, open);
    if (signedOrder) step.putPayment(value, { stage: 'CERTIFIED', slot, signedOrder });
  }
}

/**
 * The part of a decision that costs nothing, taken before any signature is checked. A gap before the slot is no answer
 * yet while certificates that may fill it are attached.
 */
function earlyDecision<Decision>(
  decide: () => Decision | undefined,
  attachments: readonly CommitCertificate[],
): Decision | undefined {
  try {
    return decide();
  } catch (error) {
    if (error instanceof RejectError && error.code === 'MISSING_PREDECESSOR' && attachments.length > 0)
      return undefined;
    throw error;
  }
}
