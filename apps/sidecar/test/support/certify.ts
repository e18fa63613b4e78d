import type { GrpcClient, Message } from './grpc.ts';

/** What a vote or a commit of one validator looks like on the wire. */
interface SignedBallot {
  readonly epoch: string;
  readonly ballot: Message;
  readonly signature: Message & { readonly signer: number };
}

interface Submission {
  readonly signed_order: unknown;
  readonly attachments: readonly unknown[];
}

/** A certificate put together by hand from votes or commits. */
export function certificateOf(
  type: 'CERTIFICATE_TYPE_QUORUM' | 'CERTIFICATE_TYPE_COMMIT',
  submission: Submission,
  ballots: readonly SignedBallot[],
): Message {
  const [first] = ballots;
  const signatures = ballots.map(({ signature }) => signature).sort((left, right) => left.signer - right.signer);
  return { type, epoch: first?.epoch, ballot: first?.ballot, signed_order: submission.signed_order, signatures };
}

export async function voteOf(client: GrpcClient, submission: Submission): Promise<SignedBallot> {
  const { vote } = await client.call('SubmitOrder', { ...submission });
  return vote as SignedBallot;
}

export async function commitOf(client: GrpcClient, quorumCertificate: Message): Promise<SignedBallot> {
  const { commit } = await client.call('SubmitQuorumCertificate', { quorum_certificate: quorumCertificate });
  return commit as SignedBallot;
}

/** Drives a payment to its commit certificate with these validators and hands it to them. */
export async function pay(clients: readonly GrpcClient[], submission: Submission): Promise<Message> {
  const votes = await Promise.all(clients.map((client) => voteOf(client, submission)));
  const quorum = certificateOf('CERTIFICATE_TYPE_QUORUM', submission, votes);
  const commits = await Promise.all(clients.map((client) => commitOf(client, quorum)));
  const certificate = certificateOf('CERTIFICATE_TYPE_COMMIT', submission, commits);
  await Promise.all(
    clients.map((client) => client.call('SubmitCommitCertificate', { commit_certificate: certificate })),
  );
  return certificate;
}
