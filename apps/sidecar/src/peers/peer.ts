import { type CallOptions, createClient } from '@connectrpc/connect';
import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { type CommitCertificate, type Evidence, limits, type SignerSignature, type Slot } from '@fastpay/protocol';
import {
  type AttestationRequest,
  attestationFromProto,
  attestationRequestToProto,
  type CertificatePage,
  certificatePageFromProto,
  certificateToProto,
  commitAnswerFromProto,
  commitCertificateFromProto,
  evidenceListFromProto,
  openRoundRequestToProto,
  promiseAnswerFromProto,
  quorumSubmissionToProto,
  rejectFromError,
  roundVoteAnswerFromProto,
  slotToProto,
  submitProposalRequestToProto,
  ValidatorService,
} from '@fastpay/rpc';
import { peerLimits } from './limits.ts';
import { PeerError } from './peer-error.ts';
import type { Voter } from './voter.ts';

/** Another validator of the committee, over the network. Fails with RejectError (it refused, or cannot be reached) or PeerError. */
export interface Peer extends Voter {
  readonly name: string;
  /** Resolutions in its order, with the id of its store (§9). */
  certificates(query: { readonly afterCursor: bigint }, signal: AbortSignal): Promise<CertificatePage>;
  /** What a slot holds for good there. */
  resolution(slot: Slot, signal: AbortSignal): Promise<CommitCertificate | undefined>;
  evidence(signal: AbortSignal): Promise<readonly Evidence[]>;
  /** Its signature over a batch (§4); still to be verified. */
  attest(request: AttestationRequest, signal: AbortSignal): Promise<SignerSignature>;
  close(): void;
}

/** One HTTP/2 connection, made when it is needed. */
export function createPeer({
  signer,
  name,
  url,
}: {
  readonly signer: number;
  readonly name: string;
  readonly url: string;
}): Peer {
  const session = new Http2SessionManager(url, { pingIntervalMs: 10_000, pingTimeoutMs: 5_000 });
  const client = createClient(
    ValidatorService,
    createConnectTransport({
      baseUrl: url,
      httpVersion: '2',
      sessionManager: session,
      acceptCompression: [],
      readMaxBytes: peerLimits.answerBytes,
    }),
  );

  async function call<Message, Result>(
    signal: AbortSignal,
    request: (options: CallOptions) => Promise<Message>,
    read: (message: Message) => Result,
  ): Promise<Result> {
    let message: Message;
    try {
      message = await request({ signal, timeoutMs: peerLimits.callTimeoutMs });
    } catch (error) {
      throw rejectFromError(error);
    }
    try {
      return read(message);
    } catch (cause) {
      throw new PeerError('the answer is not what the protocol says', { cause });
    }
  }

  return {
    signer,
    name,
    certificates: ({ afterCursor }, signal) =>
      call(
        signal,
        (options) => client.listCertificates({ afterCursor, limit: limits.certificatePage }, options),
        certificatePageFromProto,
      ),
    resolution: (slot, signal) =>
      call(
        signal,
        (options) => client.getResolution({ slot: slotToProto(slot) }, options),
        ({ commitCertificate }) => (commitCertificate ? commitCertificateFromProto(commitCertificate) : undefined),
      ),
    evidence: (signal) =>
      call(
        signal,
        (options) => client.listEvidence({ limit: peerLimits.evidence }, options),
        ({ evidence }) => evidenceListFromProto(evidence),
      ),
    attest: (request, signal) =>
      call(signal, (options) => client.attestBatch(attestationRequestToProto(request), options), attestationFromProto),
    openRound: (newRound, signal) =>
      call(
        signal,
        (options) => client.openRound(openRoundRequestToProto({ newRound, attachments: [] }), options),
        promiseAnswerFromProto,
      ),
    voteInRound: (proposal, signal) =>
      call(
        signal,
        (options) => client.submitProposal(submitProposalRequestToProto({ ...proposal, attachments: [] }), options),
        roundVoteAnswerFromProto,
      ),
    commit: (certificate, signal) =>
      call(
        signal,
        (options) => client.submitQuorumCertificate(quorumSubmissionToProto({ certificate, attachments: [] }), options),
        commitAnswerFromProto,
      ),
    resolve: (certificate, signal) =>
      call(
        signal,
        (options) => client.submitCommitCertificate({ commitCertificate: certificateToProto(certificate) }, options),
        () => undefined,
      ),
    close: () => session.abort(),
  };
}
