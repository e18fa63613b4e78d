import { MAX_U64 } from '@fastpay/protocol';
import { ChainMismatchError } from '../errors.ts';
import type { Deposit, FinalizedBlock } from '../validator.ts';

/** What rule 5 looks at besides the blocks and deposits. */
export interface ChainSituation {
  readonly finalized: FinalizedBlock | undefined;
  readonly nextDepositIndex: bigint;
  /** A deposit taken in before. */
  readonly deposit: (index: bigint) => Deposit | undefined;
}

/**
 * Rule 5 of §5: deposits of finalized blocks only, in index order, each once.
 * @returns The deposits to be credited, and whether anything changes at all.
 * @throws ChainMismatchError when the chain is not the one that this ledger has followed, or has a hole.
 */
export function decideDeposits(
  finalized: FinalizedBlock,
  deposits: readonly Deposit[],
  situation: ChainSituation,
): { readonly fresh: readonly Deposit[]; readonly changes: boolean } {
  assertFollows(situation.finalized, finalized);
  const fresh: Deposit[] = [];
  let expected = situation.nextDepositIndex;
  for (const deposit of deposits) {
    assertPlausible(deposit, finalized);
    if (deposit.index < situation.nextDepositIndex) {
      assertSameDeposit(deposit, situation.deposit(deposit.index));
      continue;
    }
    if (deposit.index !== expected) {
      throw new ChainMismatchError(`deposit ${deposit.index} came where deposit ${expected} was due`);
    }
    fresh.push(deposit);
    expected++;
  }
  return { fresh, changes: fresh.length > 0 || situation.finalized?.hash !== finalized.hash };
}

function assertFollows(known: FinalizedBlock | undefined, finalized: FinalizedBlock): void {
  if (!known || finalized.height > known.height) return;
  if (finalized.height === known.height && finalized.hash === known.hash) return;
  throw new ChainMismatchError(
    `this store belongs to another chain: it knows block ${known.height} (${known.hash}) as final, ` +
      `but is shown block ${finalized.height} (${finalized.hash})`,
  );
}

function assertPlausible({ index, amount, block }: Deposit, finalized: FinalizedBlock): void {
  if (block.height > finalized.height) {
    throw new ChainMismatchError(`deposit ${index} lies in block ${block.height}, above the finalized one`);
  }
  if (amount <= 0n || amount > MAX_U64) {
    throw new ChainMismatchError(`deposit ${index} is of ${amount} base units, which the reserve cannot have emitted`);
  }
}

function assertSameDeposit(shown: Deposit, known: Deposit | undefined): void {
  const isSame =
    known !== undefined &&
    known.amount === shown.amount &&
    known.account.owner === shown.account.owner &&
    known.account.asset === shown.account.asset &&
    known.block.hash === shown.block.hash;
  if (!isSame) throw new ChainMismatchError(`this store belongs to another chain: deposit ${shown.index} differs`);
}
