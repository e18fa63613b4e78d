import type { AccountView } from '@fastpay/client';
import { domainSeparator } from '@fastpay/protocol';
import type { SmallStore } from '../platform/ports.ts';
import type { Session } from './session.ts';

/** The last verified balance, kept so that the wallet opens with it offline; always shown with its age. */

function keyOf({ network, address }: Session): string {
  return `balance/${domainSeparator(network.domain)}/${address}`;
}

export function writeStoredView(small: SmallStore, session: Session, view: AccountView): void {
  const { balance, available, next, finalizedHeight, agreed, signers, asOfMs } = view;
  const record = {
    balance: `${balance}`,
    available: `${available}`,
    next: `${next}`,
    finalizedHeight: `${finalizedHeight}`,
    agreed,
    signers,
    asOfMs,
  };
  small.set(keyOf(session), JSON.stringify(record));
}

export function readStoredView(small: SmallStore, session: Session): AccountView | undefined {
  const text = small.get(keyOf(session));
  if (text === undefined) return undefined;
  try {
    const stored = JSON.parse(text) as Record<string, unknown>;
    const { signers, asOfMs } = stored;
    if (!Array.isArray(signers) || typeof asOfMs !== 'number') return undefined;
    return {
      account: { owner: session.address, asset: session.asset.address },
      balance: BigInt(String(stored.balance)),
      available: BigInt(String(stored.available)),
      next: BigInt(String(stored.next)),
      finalizedHeight: BigInt(String(stored.finalizedHeight)),
      agreed: stored.agreed === true,
      signers: signers.filter((signer): signer is number => Number.isInteger(signer)),
      asOfMs,
    };
  } catch {
    // Written by another build, or damaged: the next verified answer replaces it.
    return undefined;
  }
}
