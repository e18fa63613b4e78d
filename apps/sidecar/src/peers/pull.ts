import { equalBytes, RejectError } from '@fastpay/protocol';
import type { Peer } from './peer.ts';
import { PeerError } from './peer-error.ts';
import { type TakeInDependencies, takeIn } from './take-in.ts';

/** How far a peer's log was read; the cursor means something in the store of that id only (§9). */
export interface Position {
  readonly storeId: Uint8Array;
  readonly cursor: bigint;
}

export interface Pulled {
  /** Behind the last certificate that is durable here. */
  readonly position: Position;
  /** Certificates that were new here. */
  readonly fresh: number;
  readonly hasMore: boolean;
}

export const BEGINNING: Position = { storeId: new Uint8Array(), cursor: 0n };

/**
 * One page of a peer's resolutions, verified and made durable before the position moves.
 * @throws RejectError when the peer refuses or cannot be reached, PeerError when it lies.
 */
export async function pullPage(
  peer: Peer,
  position: Position,
  { signal, ...dependencies }: TakeInDependencies & { readonly signal: AbortSignal },
): Promise<Pulled> {
  const page = await peer.certificates({ afterCursor: position.cursor }, signal);
  const isSameStore = equalBytes(page.storeId, position.storeId);
  if (!isSameStore && position.cursor > 0n) {
    // It has another store than before: what was read of the old one says nothing about this one.
    return { position: { storeId: page.storeId, cursor: 0n }, fresh: 0, hasMore: true };
  }
  const isMoving = page.nextCursor > position.cursor;
  if (page.nextCursor < position.cursor || ((page.hasMore || page.certificates.length > 0) && !isMoving)) {
    throw new PeerError('the pages do not move on');
  }
  if (page.hasMore && page.certificates.length === 0) throw new PeerError('a page is empty but not the last');
  const fresh = await takeIn(page.certificates, { peer, signal, ...dependencies });
  return { position: { storeId: page.storeId, cursor: page.nextCursor }, fresh, hasMore: page.hasMore };
}

/** Why a look at a peer failed, for metrics: a fixed list. */
export function kindOfFailure(error: unknown): 'lie' | 'limited' | 'unreachable' {
  if (error instanceof PeerError) return 'lie';
  return error instanceof RejectError && error.code === 'RATE_LIMITED' ? 'limited' : 'unreachable';
}
