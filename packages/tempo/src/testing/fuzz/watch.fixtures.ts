import { type Address, committeeHash, type Hash, type Hex } from '@fastpay/protocol';
import { callData } from '../../call-data.ts';
import type { Book } from './book.fixtures.ts';
import type { MinedChain, View } from './mined-chain.fixtures.ts';
import type { Model } from './model.fixtures.ts';
import { Violation } from './violation.fixtures.ts';

/** Reads what the contract and the tokens have, and holds model and book against it. */
export interface Watch {
  /** From now on this account is looked at, too. */
  add(owner: Address): void;
  owners(): readonly Address[];
  /** @throws Error that names the first difference. */
  expectSame(model: Model, book: Book): Promise<void>;
}

export interface WatchOptions {
  readonly chain: MinedChain;
  readonly reserve: Address;
  readonly assets: readonly Address[];
  readonly owners: readonly Address[];
}

export function createWatch({ chain, reserve, assets, owners: first }: WatchOptions): Watch {
  const owners = new Set(first);
  const known = new Map<string, readonly View[]>();

  function viewsOf(asset: Address, owner: Address): readonly View[] {
    const key = asset + owner;
    const cached = known.get(key);
    if (cached) return cached;
    const view = (target: Address, data: Hex): View => ({ target, callData: data });
    const made = [
      ...['balance', 'nextSequence', 'owed', 'exitReadyAt'].map((name) =>
        view(reserve, callData(`${name}(address,address)`, [asset, owner])),
      ),
      view(asset, callData('balanceOf(address)', [owner])),
    ];
    known.set(key, made);
    return made;
  }

  return {
    add: (owner) => void owners.add(owner),
    owners: () => [...owners],
    async expectSame(model, book) {
      const pairs = assets.flatMap((asset) => [...owners].map((owner) => ({ asset, owner })));
      const globals = ['depositCount()', 'epoch()', 'committeeHash()'].map((name) => callData(name, []));
      const answers = await chain.views([
        ...globals.map((data) => ({ target: reserve, callData: data })),
        ...assets.map((asset) => ({ target: asset, callData: callData('balanceOf(address)', [reserve]) })),
        ...pairs.flatMap(({ asset, owner }) => viewsOf(asset, owner)),
      ]);
      const [deposits, epoch, hash, ...rest] = answers;
      const same = (what: string, actual: unknown, ...expected: readonly unknown[]) => {
        for (const each of expected) {
          if (actual !== each) throw new Violation(`${what}: the contract has ${actual}, expected was ${each}`);
        }
      };
      const number = (hex: Hex | undefined) => BigInt(hex ?? '0x0');
      same('deposit count', number(deposits), model.depositCount(), book.depositCount());
      same('epoch', number(epoch), model.epoch(), book.epoch());
      same('committee hash', hash as Hash, committeeHash(model.committee()), book.committeeHash());

      for (const [index, asset] of assets.entries()) {
        const held = number(rest[index]);
        const due = book.balances.total(asset) + book.owed.total(asset) - model.unbacked(asset);
        if (held < due) throw new Violation(`I9: the reserve holds ${held} of ${asset} and owes ${due}`);
        same(`tokens of the reserve in ${asset}`, held, model.tokens.get(asset, reserve), due);
      }
      for (const [index, { asset, owner }] of pairs.entries()) {
        const start = assets.length + index * 5;
        const [balance, next, owed, exitReadyAt, tokens] = rest.slice(start, start + 5);
        const { balance: expected, used, exitReadyAt: readyAt } = model.accounts(asset, owner);
        const where = `of ${owner} in ${asset}`;
        same(`balance ${where}`, number(balance), expected, book.balances.get(asset, owner));
        same(`owed ${where}`, number(owed), model.owed.get(asset, owner), book.owed.get(asset, owner));
        same(`exitReadyAt ${where}`, number(exitReadyAt), readyAt, book.exitReadyAt(asset, owner));
        same(`tokens ${where}`, number(tokens), model.tokens.get(asset, owner));
        same(`next sequence ${where}`, number(next), nextOf(used), nextOf(book.used(asset, owner)));
      }
    },
  };
}

/** The first slot that is not used, once it is sure that none above is. */
function nextOf(used: { readonly size: number; has(sequence: bigint): boolean }): bigint {
  let next = 0n;
  while (used.has(next)) next += 1n;
  if (BigInt(used.size) !== next)
    throw new Violation(`slots were settled out of order: ${used.size} of them, next ${next}`);
  return next;
}
