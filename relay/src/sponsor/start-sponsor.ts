import type { VerificationContext } from '@fastpay/crypto';
import type { Network } from '@fastpay/protocol';
import type { ChainHead } from '@fastpay/rpc';
import { DEPOSIT_GAS, type JsonRpc } from '@fastpay/tempo';
import { ConfigError } from '../config/error.ts';
import type { SponsorConfig } from '../config/schema.ts';
import { relayLimits } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { createBudget } from './budget.ts';
import { createBudgetFile, readBudgetFile } from './budget-file.ts';
import { readSponsorKey } from './key-file.ts';
import { createShares } from './shares.ts';
import { createSponsor, type Sponsor } from './sponsor.ts';

interface SponsorDependencies {
  readonly network: Network;
  readonly context: VerificationContext;
  readonly node: JsonRpc;
  readonly chain: { head(): Promise<ChainHead> };
  readonly log: Log;
  readonly metrics: Metrics;
  /** Unix milliseconds. */
  now(): number;
  onBroken(error: unknown): void;
}

/**
 * Reads the key and the budget, and looks after what was signed for until it is stopped.
 * @throws ConfigError.
 */
export function startSponsor(config: SponsorConfig, dependencies: SponsorDependencies): Sponsor & { stop(): void } {
  const { network, log, metrics, now, onBroken } = dependencies;
  const assets = network.assets.map(({ address }) => address);
  const feeToken = config.feeToken ?? assets[0];
  if (!feeToken) throw new ConfigError('sponsor.feeToken: is required, since the network lists no token');
  const limits = { unitsPerHour: BigInt(config.unitsPerHour), unitsPerDay: BigInt(config.unitsPerDay) };
  const signer = readSponsorKey(config.keyFile);
  const budget = createBudget({ ...limits, spent: readBudgetFile(config.budgetFile) }, { now });
  const sharesOf = (perDay: number) => createShares({ perDay, keys: relayLimits.sponsor.keys }, { now });
  const rules = {
    domain: network.domain,
    assets,
    gas: DEPOSIT_GAS,
    minimumAmount: BigInt(config.minimumAmount),
    lifeSeconds: BigInt(config.lifeSeconds),
  };
  const sponsor = createSponsor(
    { network, name: config.name, feeToken, rules },
    {
      ...dependencies,
      signer,
      budget,
      budgetFile: createBudgetFile(config.budgetFile),
      accountShares: sharesOf(config.depositsPerAccount),
      clientShares: sharesOf(config.depositsPerClient),
      onSigned: () => metrics.sponsorSigned.inc(),
      onRefused: (reason) => metrics.sponsorRefusals.inc({ reason }),
      onOutcome(outcome) {
        metrics.sponsorDeposits.inc({ outcome: outcome.type });
        if (outcome.type !== 'unused') metrics.sponsorSpent.inc(Number(outcome.spent));
      },
    },
  );
  metrics.gauge('sponsor_balance_units', 'Base units that the sponsor’s account holds', () => Number(sponsor.balance));
  metrics.gauge('sponsor_budget_left_units', 'Base units that may still be spent now', () => Number(budget.left));
  log.info({ feePayer: signer.address, feeToken }, 'pays for the gas of deposits');

  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const look = async () => {
    await sponsor.look();
    if (!isStopped) timer = setTimeout(() => look().catch(onBroken), relayLimits.sponsor.lookIntervalMs);
  };
  look().catch(onBroken);
  return {
    offer: sponsor.offer,
    sign: sponsor.sign,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
