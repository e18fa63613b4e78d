import { StoreMismatchError } from '../errors.ts';
import { ownerIndex } from '../state/keys.ts';
import type { LedgerStep } from '../state/ledger.ts';
import { EMPTY_ACCOUNT } from '../state/records.ts';
import type { Deposit, FinalizedBlock } from '../validator.ts';

/**
 * Rule 5 of §5: deposits of finalized blocks, in index order, each once; the view of the chain moves to `finalized`.
 * Deposits taken in before are passed over, so that a range may be read twice.
 * @returns How many log lines were written, from `firstCursor` on.
 * @throws StoreMismatchError when the chain is not the one that this ledger followed.
 */
export function applyDeposits(
  step: LedgerStep,
  finalized: FinalizedBlock,
  deposits: readonly Deposit[],
  firstCursor: bigint,
): bigint {
  const chain = step.chain();
  assertFollows(chain.finalized, finalized);
  let { nextDepositIndex } = chain;
  let cursor = firstCursor;
  for (const deposit of deposits) {
    if (deposit.index < nextDepositIndex) continue;
    if (deposit.index > nextDepositIndex) {
      throw new StoreMismatchError(`deposit ${nextDepositIndex} is missing before deposit ${deposit.index}`);
    }
    if (deposit.block.height > finalized.height) {
      throw new StoreMismatchError(`deposit ${deposit.index} lies above the finalized block`);
    }
    const account = step.account(deposit.account) ?? EMPTY_ACCOUNT;
    step.putAccount(deposit.account, { ...account, balance: account.balance + deposit.amount });
    step.append(cursor, { type: 'deposited', deposit }, [ownerIndex(deposit.account.owner)]);
    nextDepositIndex++;
    cursor++;
  }
  step.putChain({ nextDepositIndex, finalized });
  return cursor - firstCursor;
}

function assertFollows(known: FinalizedBlock | undefined, finalized: FinalizedBlock): void {
  if (!known) return;
  if (finalized.height < known.height) {
    throw new StoreMismatchError(
      `finalized block ${finalized.height} lies below block ${known.height}, known as final`,
    );
  }
  if (finalized.height === known.height && finalized.hash !== known.hash) {
    throw new StoreMismatchError(`finalized block ${finalized.height} is not the one that was final before`);
  }
}
