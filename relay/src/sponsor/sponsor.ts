import { type Secp256k1Signer, type VerificationContext, verifyPayerSignature } from '@fastpay/crypto';
import { type Address, type Hex, type Network, RejectError } from '@fastpay/protocol';
import type { SponsoredTransaction, SponsorOffer } from '@fastpay/rpc';
import {
  type AwaitingFeePayer,
  addFeePayer,
  feeFor,
  type JsonRpc,
  type LatestBlock,
  latestBlock,
  maxTransactionCost,
  readAwaitingFeePayer,
  TempoError,
  tokenBalance,
  transactionCost,
  transactionCount,
  wouldTransfer,
} from '@fastpay/tempo';
import { relayLimits } from '../limits.ts';
import type { Log } from '../log.ts';
import { createGate } from '../upstream/gate.ts';
import type { Budget } from './budget.ts';
import type { BudgetFile } from './budget-file.ts';
import { checkAgainstChain, checkDeposit, type SponsorableDeposit, type SponsorRules } from './check-deposit.ts';
import { createGrants, type Grant, type GrantOutcome } from './grants.ts';
import { type RefusalReason, SponsorRefusal } from './refusal.ts';
import type { Shares } from './shares.ts';

/** Pays for the gas of deposits, within bounds. */
export interface Sponsor {
  /** The terms, while it can pay; nobody pays otherwise. */
  offer(): Promise<SponsorOffer | undefined>;
  /**
   * Signs as the fee payer; sends nothing. Asked again with the same bytes it answers the same.
   * @param client The caller's network address.
   * @throws SponsorRefusal.
   */
  sign(rawTransaction: Hex, client: string): Promise<SponsoredTransaction>;
}

/** What an operator pays with, and looks after. */
export interface RunningSponsor extends Sponsor {
  /** Base units, as it was read last. */
  readonly balance: bigint;
  /** Reads what became of the deposits that were signed for, and what is left. Never fails: trouble is logged. */
  look(): Promise<void>;
}

export const noSponsor: Sponsor = {
  offer: () => Promise.resolve(undefined),
  sign: () => Promise.reject(new SponsorRefusal('off', 'this relay pays for nobody’s deposits')),
};

export interface SponsorOptions {
  readonly network: Network;
  readonly name: string;
  readonly feeToken: Address;
  readonly rules: SponsorRules;
}

export interface SponsorDependencies {
  readonly context: Pick<VerificationContext, 'engine'>;
  readonly signer: Secp256k1Signer;
  readonly node: JsonRpc;
  readonly chain: { head(): Promise<{ readonly finalized: { readonly timestamp: bigint } }> };
  readonly budget: Budget;
  readonly budgetFile: BudgetFile;
  readonly accountShares: Shares;
  readonly clientShares: Shares;
  readonly log: Log;
  /** Unix milliseconds. */
  now(): number;
  onSigned(): void;
  onRefused(reason: RefusalReason): void;
  onOutcome(outcome: GrantOutcome): void;
}

export function createSponsor(options: SponsorOptions, dependencies: SponsorDependencies): RunningSponsor {
  const { name, feeToken, rules } = options;
  const { signer, node, budget, budgetFile, accountShares, clientShares, log, now } = dependencies;
  const gate = createGate({ running: relayLimits.sponsor.running, waiting: relayLimits.sponsor.waiting });
  const grants = createGrants({
    onOutcome(grant, outcome) {
      budget.giveBack(grant.hour, grant.cost - (outcome.type === 'unused' ? 0n : outcome.spent));
      // Its tokens moved away under the deposit, at the sponsor's cost.
      if (outcome.type === 'reverted') accountShares.exhaust(grant.owner);
      dependencies.onOutcome(outcome);
    },
  });
  let balance = 0n;
  let terms: { readonly offer: Promise<SponsorOffer | undefined>; readonly askedAt: number } | undefined;

  async function readFunds(): Promise<LatestBlock> {
    const [latest, held] = await Promise.all([latestBlock(node), tokenBalance(node, feeToken, signer.address)]);
    balance = held;
    return latest;
  }

  async function readOffer(): Promise<SponsorOffer | undefined> {
    const maxFeePerGas = feeFor((await readFunds()).baseFee);
    const { gas, lifeSeconds, minimumAmount } = rules;
    const cost = maxTransactionCost(gas, maxFeePerGas);
    if (cost > budget.left || grants.reserved + cost > balance) return undefined;
    return { name, feePayer: signer.address, feeToken, gas, maxFeePerGas, lifeSeconds, minimumAmount };
  }

  async function offerOrNothing(): Promise<SponsorOffer | undefined> {
    try {
      return await readOffer();
    } catch (error) {
      if (!(error instanceof TempoError)) throw error;
      log.warn({ code: error.code }, 'the node of the sponsor does not answer: nothing is offered');
      return undefined;
    }
  }

  /** @throws SponsorRefusal for what costs nothing to find out. */
  async function readDeposit(awaiting: AwaitingFeePayer, client: string): Promise<SponsorableDeposit> {
    const deposit = checkDeposit(awaiting.transaction, rules);
    const { digest, signature } = awaiting;
    if (!(await verifyPayerSignature(dependencies.context.engine, digest, signature, deposit.owner))) {
      throw new SponsorRefusal('signature', 'the account that would be credited has not signed this');
    }
    assertLeft(deposit, client);
    return deposit;
  }

  function assertLeft({ owner, cost }: SponsorableDeposit, client: string): void {
    if (!accountShares.has(owner))
      throw new SponsorRefusal('share', 'this account had its sponsored deposits for today');
    if (!clientShares.has(client))
      throw new SponsorRefusal('share', 'this address had its sponsored deposits for today');
    if (grants.size >= relayLimits.sponsor.grants) throw new SponsorRefusal('busy', 'too many deposits are under way');
    if (cost > budget.left) {
      const { retryAfterMs } = budget;
      throw new SponsorRefusal('budget', 'the sponsor has spent what it wants to spend for now', { retryAfterMs });
    }
  }

  /** @throws SponsorRefusal, TempoError. */
  async function assertIncludable(deposit: SponsorableDeposit): Promise<void> {
    const { owner, asset, amount, cost } = deposit;
    const [latest, next, isCovered] = await Promise.all([
      readFunds(),
      transactionCount(node, owner),
      wouldTransfer(node, { asset, from: owner, to: rules.domain.reserve, amount }),
    ]);
    checkAgainstChain(deposit, { latest, next }, rules);
    if (!isCovered) throw new SponsorRefusal('funds', 'the account cannot move this amount: it would fail');
    if (grants.reserved + cost > balance) throw new SponsorRefusal('balance', 'the sponsor’s own account is too low');
  }

  async function grant(awaiting: AwaitingFeePayer, client: string): Promise<Grant> {
    const known = grants.find(awaiting.digest);
    if (known) return known;
    const deposit = await readDeposit(awaiting, client);
    await assertIncludable(deposit);
    const { owner, cost, validBefore } = deposit;
    const signed = await addFeePayer(awaiting, { feeToken, sender: owner }, signer);
    // From here to `add` nothing is awaited: whoever asks meanwhile finds this one counted.
    const twin = grants.find(awaiting.digest);
    if (twin) return twin;
    assertLeft(deposit, client);
    const made = { digest: awaiting.digest, owner, signed, validBefore, cost, hour: budget.take(cost) };
    accountShares.take(owner);
    clientShares.take(client);
    grants.add(made);
    dependencies.onSigned();
    return made;
  }

  return {
    get balance() {
      return balance;
    },
    offer() {
      if (!terms || now() - terms.askedAt >= relayLimits.sponsor.offerMaxAgeMs) {
        terms = { offer: offerOrNothing(), askedAt: now() };
      }
      return terms.offer;
    },
    async sign(rawTransaction, client) {
      try {
        return await gate.run(async () => {
          const { signed } = await grant(readAwaitingFeePayer(rawTransaction), client);
          // What may be spent is on disk before anybody can spend it.
          await record();
          return { rawTransaction: signed.rawTransaction, transactionHash: signed.transactionHash };
        });
      } catch (error) {
        const refusal = refusalOf(error);
        dependencies.onRefused(refusal.reason);
        throw refusal;
      }
    },
    async look() {
      try {
        const before = grants.size;
        await grants.look({
          lookUp: (transactionHash) => transactionCost(node, transactionHash),
          finalizedTimestamp: async () => (await dependencies.chain.head()).finalized.timestamp,
        });
        if (grants.size !== before) await record();
        await readFunds();
      } catch (error) {
        if (!(error instanceof TempoError || error instanceof SponsorRefusal)) throw error;
        log.warn({ code: error.code, reason: error.message }, 'the sponsor could not look after its deposits');
      }
    },
  };

  /** @throws SponsorRefusal when it cannot be written down. */
  async function record(): Promise<void> {
    try {
      await budgetFile.write(budget.spent());
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      log.error({ code: error.code }, 'what the sponsor spends cannot be written down');
      throw new SponsorRefusal('busy', 'the sponsor cannot write down what it spends', {}, { cause: error });
    }
  }
}

/** Everything that keeps a deposit from being paid for; what is not foreseen is thrown on. */
function refusalOf(error: unknown): SponsorRefusal {
  if (error instanceof SponsorRefusal) return error;
  if (error instanceof RejectError) {
    const reason = error.code === 'INVALID_FORMAT' ? 'form' : 'busy';
    return new SponsorRefusal(reason, error.message, {}, { cause: error });
  }
  if (error instanceof TempoError) {
    return new SponsorRefusal('busy', 'the Tempo node of this relay does not answer', {}, { cause: error });
  }
  throw error;
}
