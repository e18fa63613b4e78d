import { createVerificationContext, verifyCommitCertificate } from '@fastpay/crypto';
import { createNodeEngine } from '@fastpay/crypto/node';
import { batchAttestationDigest, bytesOf, domainSeparator, type Network, RejectError } from '@fastpay/protocol';
import { batchEntries } from '@fastpay/tempo';
import type { SimulatedChainDependencies } from '@fastpay/tempo/simulated';

/** What the reserve contract checks of signatures (§6), with the code that validators use. */
export function createSignatureChecks(
  network: Network,
): Required<Pick<SimulatedChainDependencies, 'verify' | 'verifyAttestation'>> {
  const { committee, domain } = network;
  const engine = createNodeEngine();
  const context = createVerificationContext(network, engine);
  const place = { separator: domainSeparator(domain), epoch: committee.epoch };
  return {
    async verify(certificate) {
      try {
        await verifyCommitCertificate(context, certificate);
        return undefined;
      } catch (error) {
        if (error instanceof RejectError) return 'INVALID_COMMIT';
        throw error;
      }
    },
    verifyAttestation({ certificates, attestation = [] }) {
      const digest = bytesOf(batchAttestationDigest(place, batchEntries(certificates)));
      return attestation.every(
        ({ signer, signature }) =>
          engine.secp256k1Recover(digest, signature) === committee.members[signer]?.settlementAddress,
      );
    },
  };
}
