import { createHash } from 'node:crypto';
import { type AccountId, committeeHash, domainSeparator, MAX_U64, type Network, toAddress } from '@fastpay/protocol';
import { z } from 'zod';
import { ConfigError } from '../../config/error.ts';
import { readJsonFile } from '../../config/read-json.ts';

/** What a simulated chain begins with. Validators that agree on it see the same blocks and deposits. */
export interface Genesis {
  /** Unix milliseconds of block 0. */
  readonly startMs: number;
  readonly blockTimeMs: number;
  /** All in block 1, in this order: their indices follow from it. */
  readonly deposits: readonly GenesisDeposit[];
  /** SHA-256 over all of it and what the manifest says of the reserve, hexadecimal without 0x. */
  readonly digest: string;
}

export interface GenesisDeposit {
  readonly account: AccountId;
  /** Base units. */
  readonly amount: bigint;
}

const MAX_DEPOSITS = 10_000;
/** More are not listed at once. */
const MAX_PROBLEMS = 10;
/** A new store reads all of them. */
const MAX_BLOCKS = 10_000_000;
/** Clocks differ, years do not. */
const MAX_AHEAD_MS = 600_000;

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, { error: 'expected an address: 0x and 40 hex digits' })
  .transform(toAddress);
const schema = z.strictObject({
  genesis: z.iso.datetime({ error: 'expected a UTC time such as 2030-01-31T12:00:00Z' }),
  deposits: z
    .array(
      z.strictObject({
        account: address,
        asset: address,
        amount: z
          .string({ error: 'expected base units as decimal text' })
          .regex(/^[1-9]\d{0,19}$/, { error: 'expected base units as decimal text, above zero' })
          .transform(BigInt),
      }),
      { error: 'expected a list of deposits' },
    )
    .max(MAX_DEPOSITS, { error: `expected at most ${MAX_DEPOSITS} deposits` }),
});

/**
 * Reads the deposits file of a simulated chain.
 * @throws ConfigError when the file is unusable, or the manifest is of a network where money is or looks real.
 */
export function readGenesis(
  { depositsFile, blockTimeMs }: { readonly depositsFile: string; readonly blockTimeMs: number },
  { network, nowMs }: { readonly network: Network; readonly nowMs: number },
): Genesis {
  if (network.kind !== 'devnet') {
    const fix = 'follow a Tempo node (chain.mode tempo and chain.rpcUrl), or use a manifest of kind devnet';
    const problem = `a simulated chain is refused for a manifest of kind ${network.kind}: nothing on it is settled`;
    throw new ConfigError([{ field: 'chain.mode', problem, fix }]);
  }
  const content = readJsonFile(depositsFile);
  if ('problem' in content) throw unusable(depositsFile, [content.problem]);
  const parsed = schema.safeParse(content.json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`);
    throw unusable(depositsFile, problems);
  }
  const startMs = Date.parse(parsed.data.genesis);
  const blocks = (nowMs - startMs) / blockTimeMs;
  if (nowMs + MAX_AHEAD_MS < startMs) throw unusable(depositsFile, ['genesis: it is in the future']);
  if (blocks > MAX_BLOCKS) {
    throw unusable(depositsFile, [`genesis: more than ${MAX_BLOCKS} blocks ago; begin a new chain and new stores`]);
  }
  const deposits = parsed.data.deposits.map(({ account, asset, amount }) => ({
    account: { owner: account, asset },
    amount,
  }));
  const problems = deposits.flatMap((each, index) => problemsOf(each, { at: `deposits.${index}`, network }));
  const total = deposits.reduce((sum, { amount }) => sum + amount, 0n);
  if (total > MAX_U64) problems.push('deposits: their sum is more than 64 bits hold');
  if (problems.length > 0) throw unusable(depositsFile, problems);
  return { startMs, blockTimeMs, deposits, digest: digestOf(network, { startMs, blockTimeMs, deposits }) };
}

function problemsOf(
  { account }: GenesisDeposit,
  { at, network }: { readonly at: string; readonly network: Network },
): string[] {
  const problems: string[] = [];
  if (!network.assets.some(({ address: asset }) => asset === account.asset)) {
    problems.push(`${at}.asset: no asset of the manifest`);
  }
  if (account.owner === network.domain.reserve) problems.push(`${at}.account: it is the reserve`);
  return problems;
}

function digestOf(network: Network, { startMs, blockTimeMs, deposits }: Omit<Genesis, 'digest'>): string {
  const { domain, committee, exitDelaySeconds } = network;
  const facts = [
    domainSeparator(domain),
    committeeHash(committee),
    String(exitDelaySeconds),
    startMs,
    blockTimeMs,
    deposits.map(({ account, amount }) => [account.owner, account.asset, String(amount)]),
  ];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

function unusable(file: string, problems: readonly string[]): ConfigError {
  const fix =
    'example: {"genesis": "2030-01-31T12:00:00Z", "deposits": [{"account": "0x…", "asset": "0x…", "amount": "1000000"}]}';
  return new ConfigError(
    problems.slice(0, MAX_PROBLEMS).map((problem) => ({ field: `chain.simulated.depositsFile ${file}`, problem, fix })),
  );
}
