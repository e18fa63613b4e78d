import type { Address } from '@fastpay/protocol';
import type { ActivityItem } from './client.ts';
import { StoreError } from './errors.ts';
import type { ActivityRecord, ClientStore } from './store/client-store.ts';

/** The owner's list of payments, from the store alone. */
export async function listActivity(
  store: ClientStore,
  owner: Address,
  page: { readonly limit: number; readonly before?: number },
): Promise<readonly ActivityItem[]> {
  return (await store.activity(owner, page)).map(toItem);
}

function toItem(record: ActivityRecord): ActivityItem {
  const { cursor, transactionHash, direction, createdAtMs, observed, entry, certificate } = record;
  const order = (entry?.signedOrder ?? certificate?.signedOrder)?.order;
  if (!order) throw new StoreError('STORE_DAMAGED');
  const stage = stageOf(record);
  return {
    cursor,
    transactionHash,
    direction,
    order,
    stage,
    createdAtMs,
    times: entry?.times ?? {},
    ...(observed && stage === 'QUEUED_ONCHAIN' ? { observed } : {}),
    ...(certificate ? { certificate } : {}),
  };
}

/** What this wallet has proof of, now or when it recorded the time of the stage. */
function stageOf({ transactionHash, entry, certificate }: ActivityRecord): ActivityItem['stage'] {
  if (certificate) return certificate.value === transactionHash ? 'QUEUED_ONCHAIN' : 'SKIPPED';
  if (entry?.times.certified !== undefined) return 'CERTIFIED';
  return entry?.times.accepted === undefined ? 'SIGNED' : 'ACCEPTED';
}
