import { type Address, type Domain, MAX_U64, toAddress } from '@fastpay/protocol';
import { depositCalls, feeFor, type LatestBlock, maxTransactionCost, type TempoTransaction } from '@fastpay/tempo';
import { SponsorRefusal } from './refusal.ts';

/** What a deposit has to be like for its gas to be paid. */
export interface SponsorRules {
  readonly domain: Pick<Domain, 'chainId' | 'reserve'>;
  /** Tokens that the network lists. */
  readonly assets: readonly Address[];
  /** Exactly this much: less could fail, which burns what it uses. */
  readonly gas: bigint;
  /** Base units. */
  readonly minimumAmount: bigint;
  /** How far behind the latest block `validBefore` may lie. */
  readonly lifeSeconds: bigint;
}

/** A deposit of an account's own tokens into its own account, and what it can cost whoever pays for it. */
export interface SponsorableDeposit {
  /** Who is credited; has to be who signed. */
  readonly owner: Address;
  readonly asset: Address;
  readonly amount: bigint;
  readonly nonce: bigint;
  readonly maxFeePerGas: bigint;
  /** Unix seconds. */
  readonly validBefore: bigint;
  /** At most; base units of a fee token. */
  readonly cost: bigint;
}

/**
 * What the transaction says, if that is approve and deposit and nothing else. Pure; the signature and the chain are
 * looked at elsewhere.
 * @throws SponsorRefusal that names the field.
 */
export function checkDeposit(transaction: TempoTransaction, rules: SponsorRules): SponsorableDeposit {
  const { chainId, gas, maxFeePerGas, nonceKey, nonce, validBefore, feeToken } = transaction;
  if (chainId !== rules.domain.chainId) throw new SponsorRefusal('chain', `chainId: this is ${rules.domain.chainId}`);
  const deposit = readCalls(transaction, rules);
  if (deposit.amount < rules.minimumAmount) {
    throw new SponsorRefusal('amount', `the amount is below ${rules.minimumAmount} base units`);
  }
  if (feeToken !== 'sponsor') throw new SponsorRefusal('form', 'feeToken: is for the fee payer to choose');
  if (gas !== rules.gas) throw new SponsorRefusal('gas', `gas: has to be ${rules.gas}`);
  if (nonceKey !== 0n) throw new SponsorRefusal('nonce', 'nonceKey: has to be 0, the lane of which the sender knows');
  if (validBefore === undefined) throw new SponsorRefusal('time', 'validBefore: is missing');
  return { ...deposit, nonce, maxFeePerGas, validBefore, cost: maxTransactionCost(gas, maxFeePerGas) };
}

/** The calldata of `deposit(address,address,uint64)`: selector, asset, account, amount. */
const DEPOSIT_DATA = /^0x[0-9a-f]{8}[0-9a-f]{64}0{24}(?<account>[0-9a-f]{40})(?<amount>[0-9a-f]{64})$/;

/** @throws SponsorRefusal unless they are, byte for byte, the calls of a deposit. */
function readCalls(
  { calls }: TempoTransaction,
  { domain, assets }: SponsorRules,
): Pick<SponsorableDeposit, 'owner' | 'asset' | 'amount'> {
  const [approve, deposit] = calls;
  const asset = assets.find((listed) => listed === approve?.to);
  const { account, amount: digits } = DEPOSIT_DATA.exec(deposit?.data ?? '')?.groups ?? {};
  if (!asset || account === undefined) throw notDeposit();
  const owner = toAddress(`0x${account}`);
  const amount = BigInt(`0x${digits}`);
  if (amount > MAX_U64) throw notDeposit();
  const expected = depositCalls(domain.reserve, asset, owner, amount);
  const isDeposit =
    calls.length === expected.length &&
    expected.every(({ to, data }, index) => calls[index]?.to === to && calls[index]?.data === data);
  if (!isDeposit) throw notDeposit();
  return { owner, asset, amount };
}

function notDeposit(): SponsorRefusal {
  return new SponsorRefusal(
    'calls',
    'calls: expected approve and deposit of one amount of a listed token, into this network’s reserve',
  );
}

/**
 * Whether the deposit can be included now, soon, and not at any price. Pure.
 * @param next The next nonce of the owner's own lane, counting what waits in the pool.
 * @throws SponsorRefusal.
 */
export function checkAgainstChain(
  { nonce, validBefore, maxFeePerGas }: SponsorableDeposit,
  { latest, next }: { readonly latest: LatestBlock; readonly next: bigint },
  { lifeSeconds }: Pick<SponsorRules, 'lifeSeconds'>,
): void {
  // One nonce is one deposit: of all that are signed for it, at most one costs anything.
  if (nonce !== next) throw new SponsorRefusal('nonce', `nonce: the next one of this account is ${next}`);
  const life = validBefore - latest.timestamp;
  if (life <= 0n || life > lifeSeconds + CLOCK_SLACK_SECONDS) {
    throw new SponsorRefusal('time', `validBefore: at most ${lifeSeconds} s behind the latest block`);
  }
  // The price may have moved since the terms were read.
  if (maxFeePerGas < latest.baseFee || maxFeePerGas > 2n * feeFor(latest.baseFee)) {
    throw new SponsorRefusal('price', `maxFeePerGas: at present ${feeFor(latest.baseFee)}`);
  }
}

/** Two nodes may be a few blocks apart. */
const CLOCK_SLACK_SECONDS = 10n;
