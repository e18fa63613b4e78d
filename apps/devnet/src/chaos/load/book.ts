import type { Address, Hash, OrderKind } from '@fastpay/protocol';

/** What a wallet was asked for. The memo is its own: in certificates and on chain it tells intents apart. */
export interface Intent {
  readonly memo: Hash;
  readonly device: string;
  readonly owner: Address;
  readonly kind: OrderKind;
  readonly recipient: Address;
  readonly amount: bigint;
}

/** What a wallet told its owner of a payment, as an end. */
export interface Ending {
  readonly transactionHash: Hash;
  readonly memo: Hash;
  readonly device: string;
  readonly end: 'paid' | 'skipped';
}

/** Everything that wallets were asked for and answered, kept by their owners outside of them. */
export interface Book {
  begin(intent: Intent): void;
  end(ending: Ending): void;
  refused(code: string): void;
  count(what: Counted): void;
  readonly intents: ReadonlyMap<Hash, Intent>;
  readonly endings: readonly Ending[];
  readonly refusals: ReadonlyMap<string, number>;
  readonly counts: Readonly<Record<Counted, number>>;
}

export type Counted =
  | 'wallet crashes'
  | 'cancellations asked for'
  | 'deposits'
  | 'payments on received money alone'
  | 'payments that name their parents';

export function createBook(): Book {
  const intents = new Map<Hash, Intent>();
  const endings = new Map<string, Ending>();
  const refusals = new Map<string, number>();
  const counts: Record<Counted, number> = {
    'wallet crashes': 0,
    'cancellations asked for': 0,
    deposits: 0,
    'payments on received money alone': 0,
    'payments that name their parents': 0,
  };
  return {
    begin: (intent) => void intents.set(intent.memo, intent),
    // The same end is told again after a restart; a different one is kept beside it, for the judge to see.
    end: (ending) => void endings.set(`${ending.device}/${ending.transactionHash}/${ending.end}`, ending),
    refused: (code) => void refusals.set(code, (refusals.get(code) ?? 0) + 1),
    count(what) {
      counts[what]++;
    },
    intents,
    get endings() {
      return [...endings.values()];
    },
    refusals,
    counts,
  };
}
