import { type CommitCertificate, RejectError } from '@fastpay/protocol';
import type { Peer } from '../peers/peer.ts';
import type { Attestor } from './attestation.ts';
import { settlerLimits } from './limits.ts';

/** Another validator that attests. What it does not know yet it is handed first: every certificate of the batch. */
export function createPeerAttestor(
  peer: Pick<Peer, 'signer' | 'attest' | 'resolve'>,
  { epoch, stopped }: { readonly epoch: bigint; readonly stopped: AbortSignal },
): Attestor {
  return {
    signer: peer.signer,
    async attest(certificates, entries) {
      const signal = AbortSignal.any([stopped, AbortSignal.timeout(settlerLimits.attestTimeoutMs)]);
      try {
        return await peer.attest({ epoch, entries }, signal);
      } catch (error) {
        if (!(error instanceof RejectError) || error.code !== 'MISSING_PREDECESSOR') throw error;
      }
      await handOver(certificates, peer, signal);
      return peer.attest({ epoch, entries }, signal);
    },
  };
}

async function handOver(
  certificates: readonly CommitCertificate[],
  peer: Pick<Peer, 'resolve'>,
  signal: AbortSignal,
): Promise<void> {
  const { handOversAtOnce } = settlerLimits;
  for (let start = 0; start < certificates.length; start += handOversAtOnce) {
    const group = certificates.slice(start, start + handOversAtOnce);
    await Promise.all(group.map((certificate) => peer.resolve(certificate, signal)));
  }
}
