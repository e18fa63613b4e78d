import {
  type CommitCertificate,
  encodeCertificate,
  type Hash,
  type QuorumCertificate,
  SKIP,
  type Slot,
  slotKey,
} from '@fastpay/protocol';
import { createLru } from './lru.ts';

/** The certificates of one slot and value. */
export interface CachedPayment {
  readonly quorum?: QuorumCertificate;
  readonly commit?: CommitCertificate;
}

/**
 * Verified certificates by transaction hash and by slot (§8). It forgets what was used longest ago: validators of a
 * quorum's stake signed for everything in here, and a certificate on its way to them waits in the delivery queue,
 * not here, so nothing is lost with it.
 */
export interface CertificateCache {
  /** Only ever called with certificates that were verified. */
  add(certificate: QuorumCertificate | CommitCertificate): void;
  payment(transactionHash: Hash): CachedPayment | undefined;
  /** What resolved this slot, an order or SKIP. */
  resolution(slot: Slot): CommitCertificate | undefined;
  readonly size: number;
}

interface Entry extends CachedPayment {
  readonly key: string;
  readonly slot: string;
  readonly bytes: number;
}

export function createCertificateCache(options: {
  readonly entries: number;
  readonly bytes: number;
}): CertificateCache {
  const payments = createLru<Entry>({ ...options, sizeOf: ({ bytes }) => bytes });
  const keyBySlot = new Map<string, string>();
  const keyOf = (value: Hash, slot: string) => (value === SKIP ? slot : value);

  return {
    get size() {
      return payments.size;
    },
    add(certificate) {
      const slot = slotKey(certificate.slot);
      const key = keyOf(certificate.value, slot);
      const known = payments.get(key);
      if (known?.[certificate.type]) return;
      const bytes = (known?.bytes ?? 0) + encodeCertificate(certificate).length;
      const evicted = payments.set(key, { ...known, key, slot, bytes, [certificate.type]: certificate });
      if (certificate.type === 'commit') keyBySlot.set(slot, key);
      for (const entry of evicted) {
        if (keyBySlot.get(entry.slot) === entry.key) keyBySlot.delete(entry.slot);
      }
    },
    payment: (transactionHash) => (transactionHash === SKIP ? undefined : payments.get(transactionHash)),
    resolution(slot) {
      const key = keyBySlot.get(slotKey(slot));
      return key === undefined ? undefined : payments.get(key)?.commit;
    },
  };
}
