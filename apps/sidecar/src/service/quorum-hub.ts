import type { Hash, QuorumCertificate } from '@fastpay/protocol';

/** Tells whoever watches a payment in this process that its quorum certificate was seen here. */
export interface QuorumHub {
  publish(certificate: QuorumCertificate): void;
  /** Returns the function that ends the subscription. As many as there are streams, which are bounded. */
  subscribe(transactionHash: Hash, listener: (certificate: QuorumCertificate) => void): () => void;
}

export function createQuorumHub(): QuorumHub {
  const byHash = new Map<Hash, Set<(certificate: QuorumCertificate) => void>>();
  return {
    publish(certificate) {
      for (const listener of byHash.get(certificate.value) ?? []) listener(certificate);
    },
    subscribe(transactionHash, listener) {
      const listeners = byHash.get(transactionHash) ?? new Set();
      byHash.set(transactionHash, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && byHash.get(transactionHash) === listeners) byHash.delete(transactionHash);
      };
    },
  };
}
