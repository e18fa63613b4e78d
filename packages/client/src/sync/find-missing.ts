import { type Address, type CommitCertificate, OrderKind, RejectError } from '@fastpay/protocol';
import { readAccount } from '../account/read-account.ts';
import type { ClientCore } from '../core.ts';
import { clientLimits } from '../limits.ts';
import { beginLogsAnew, catchUp } from './catch-up.ts';

/** Looks for certificates that this wallet lacks although their money is in its balance. */
export interface MissingFinder {
  /**
   * What it found, taken in already; nothing at once when the last look was not long ago. A relay that goes on hiding
   * something has its logs read to the end at each look, so they are rare.
   */
  look(): Promise<readonly CommitCertificate[]>;
}

export function createMissingFinder(core: ClientCore): MissingFinder {
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  return {
    async look() {
      const now = core.clock.monotonicMs();
      if (now - lookedAtMs < clientLimits.missingEveryMs) return [];
      lookedAtMs = now;
      if (!(await doesLackAny(core))) return [];
      // What is only late is in the logs from where they were left.
      const late = await catchUp(core);
      if (!(await doesLackAny(core))) return late.certificates;
      await beginLogsAnew(core);
      const hidden = await catchUp(core);
      return [...late.certificates, ...hidden.certificates];
    },
  };
}

async function doesLackAny(core: ClientCore): Promise<boolean> {
  for (const { address } of core.network.assets) if (await doesLack(core, address)) return true;
  return false;
}

/** Whether stake ≥ v tells of more unsettled money that came in than the certificates here bring. */
async function doesLack(core: ClientCore, asset: Address): Promise<boolean> {
  const { owner, store } = core;
  const lines = { limit: clientLimits.missingLines };
  let lacking = await unsettledIn(core, asset);
  let page = lacking > 0n ? await store.activity(owner, lines) : [];
  // The newest first: what is not final yet is among them.
  while (lacking > 0n && page.length > 0) {
    for (const { certificate, observed } of page) {
      if (observed?.stage !== 'FINALIZED') lacking -= received({ owner, asset }, certificate);
    }
    const before = page.at(-1)?.cursor;
    page = before === undefined ? [] : await store.activity(owner, { ...lines, before });
  }
  return lacking > 0n;
}

/** 0 when nobody tells: the next look does. */
async function unsettledIn(core: ClientCore, asset: Address): Promise<bigint> {
  try {
    const { overlay } = await readAccount(core, { owner: core.owner, asset });
    return overlay?.unsettledIn ?? 0n;
  } catch (error) {
    if (error instanceof RejectError) return 0n;
    throw error;
  }
}

function received(
  { owner, asset }: { readonly owner: Address; readonly asset: Address },
  certificate: CommitCertificate | undefined,
): bigint {
  const order = certificate?.signedOrder?.order;
  const isCredit = order?.kind === OrderKind.transfer && order.recipient === owner && order.asset === asset;
  return isCredit ? order.amount : 0n;
}
