import type { ChainHead } from '@fastpay/rpc';
import type { FinalizedBlock, Validator } from '@fastpay/validator';
import type { ChainView } from '../service/dependencies.ts';

/** What the watcher has found out; read by the service, /readyz and the metrics. */
export interface ChainState extends ChainView {
  /** Why the chain view cannot be trusted to be fresh now, if so; for /readyz. */
  notReadyReason(): string | undefined;
  /** What the node told last, unless it is away, behind what it told before, or on another chain. */
  soundHead(): ChainHead | undefined;
  /** The last finalized block in the ledger. */
  applied(): FinalizedBlock | undefined;
}

export interface MutableChainState extends ChainState {
  setHead(head: ChainHead): void;
  setForeign(reason: string | undefined): void;
  /** A passing trouble: the node does not answer, or is behind. Undefined when it is over. */
  setTrouble(reason: string | undefined): void;
}

export function createChainState(
  { staleAfterMs }: { readonly staleAfterMs: number },
  { validator, unixMs }: { readonly validator: Pick<Validator, 'finalized'>; readonly unixMs: () => number },
): MutableChainState {
  let head: ChainHead | undefined;
  let foreign: string | undefined;
  let trouble: string | undefined;

  function ageReason(): string | undefined {
    const applied = validator.finalized();
    if (!applied) return trouble ?? 'no finalized block has been taken in yet';
    const ageMs = unixMs() - Number(applied.timestamp) * 1_000;
    if (ageMs <= staleAfterMs) return undefined;
    const age = `the last finalized block (${applied.height}) is ${Math.round(ageMs / 1_000)} s old`;
    return trouble === undefined ? age : `${age}: ${trouble}`;
  }

  return {
    head: () => head,
    foreignReason: () => foreign,
    notReadyReason: () => foreign ?? ageReason(),
    soundHead: () => (foreign === undefined && trouble === undefined ? head : undefined),
    applied: () => validator.finalized(),
    setHead: (next) => {
      head = next;
    },
    setForeign: (reason) => {
      foreign = reason;
    },
    setTrouble: (reason) => {
      trouble = reason;
    },
  };
}
