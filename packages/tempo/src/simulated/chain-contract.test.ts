import { createPortableEngine, verifyPayerSignature } from '@fastpay/crypto';
import {
  batchAttestationDigest,
  bytesOf,
  type CommitCertificate,
  commitDigest,
  domainSeparator,
  SKIP,
  toAddress,
  toHash,
  transactionHash,
} from '@fastpay/protocol';
import type { SettlementBatch } from '../reserve-writer.ts';
import { batchEntries } from '../settle-calldata.ts';
import { createSimulatedChain, type SignatureVerdict } from '../simulated.ts';
import { chainContract } from '../testing/chain-contract.fixtures.ts';
import { attest, certify, certifySkip, createTestCommittee } from '../testing/committee.fixtures.ts';

const domain = { chainId: 31_337n, reserve: toAddress(`0x${'fa'.repeat(20)}`), salt: toHash(`0x${'22'.repeat(32)}`) };
const separator = domainSeparator(domain);
const engine = createPortableEngine();
const committee = createTestCommittee();

/** What the contract checks of an entry, done here by the same code that validators use. */
async function verify(certificate: CommitCertificate): Promise<SignatureVerdict> {
  const { value, signedOrder, epoch, signatures } = certificate;
  if (value !== SKIP) {
    if (!signedOrder || transactionHash(signedOrder.order, separator) !== value) return 'INVALID_ORDER';
    const { order, payerSignature } = signedOrder;
    const isSigned = await verifyPayerSignature(engine, value, payerSignature, order.sender);
    if (!isSigned) return 'INVALID_PAYER_SIGNATURE';
  }
  const digest = bytesOf(commitDigest({ separator, epoch }, certificate));
  const areCommits = signatures.every(({ signer, signature }) => isMember(signer, digest, signature));
  return areCommits ? undefined : 'INVALID_COMMIT';
}

function verifyAttestation({ certificates, attestation = [] }: SettlementBatch): boolean {
  const context = { separator, epoch: committee.committee.epoch };
  const digest = bytesOf(batchAttestationDigest(context, batchEntries(certificates)));
  return attestation.every(({ signer, signature }) => isMember(signer, digest, signature));
}

function isMember(signer: number, digest: Uint8Array, signature: Uint8Array): boolean {
  return engine.secp256k1Recover(digest, signature) === committee.committee.members[signer]?.settlementAddress;
}

chainContract('the simulated chain', () => {
  const exitDelaySeconds = 600n;
  let now = 1_800_000_000_000;
  const simulated = createSimulatedChain(
    { domain, committee: committee.committee, exitDelaySeconds, startMs: now },
    { verify, verifyAttestation },
  );
  return Promise.resolve({
    chain: simulated.chain,
    exitDelaySeconds,
    writer: ({ address }) => simulated.writer(address),
    async fund(account, amount) {
      simulated.mint(account, amount);
    },
    tokens: async (account) => simulated.reserve.tokens(account),
    certify: (order, payer) => certify(order, payer, { domain, committee }),
    certifySkip: (slot) => certifySkip(slot, { domain, committee }),
    attest: (certificates, signers) => attest(batchEntries(certificates), { domain, committee, signers }),
    async nextBlock() {
      now = simulated.nextBlockMs();
      simulated.advanceTo(now);
    },
    async abandonFrom(height) {
      simulated.reorganize(Number(simulated.head().latest.height - height) + 1, { loseTransactions: true });
    },
    async passTime(seconds) {
      simulated.pause();
      simulated.advanceTo(simulated.nowMs() + Number(seconds) * 1_000);
      simulated.resume();
    },
    stop: async () => undefined,
  });
});
