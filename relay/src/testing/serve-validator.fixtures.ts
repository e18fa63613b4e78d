import { once } from 'node:events';
import { createServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { ServiceImpl } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { addressFromBytes, hashFromBytes, RejectError } from '@fastpay/protocol';
import {
  accountAnswerToProto,
  bulletinEntryToProto,
  bulletinFilterFromProto,
  commitAnswerToProto,
  commitCertificateFromProto,
  createRejectInterceptor,
  evidenceToProto,
  fundingClosureToProto,
  orderSubmissionFromProto,
  paymentToProto,
  promiseAnswerToProto,
  proposalSubmissionFromProto,
  quorumSubmissionFromProto,
  roundSubmissionFromProto,
  roundVoteAnswerToProto,
  stageToProto,
  ValidatorService,
  validatorInfoToProto,
  voteAnswerToProto,
} from '@fastpay/rpc';
import type { ValidatorClient } from '../upstream/validator-client.ts';

export interface ServedValidator {
  readonly url: string;
  /** Cuts every connection, as a killed process does, and frees the port. */
  stop(): Promise<void>;
}

/** Puts a validator of this process behind a real Connect server over HTTP/2. */
export async function serveValidator(
  validator: ValidatorClient,
  { port = 0, storeId = new Uint8Array(16).fill(1) }: { readonly port?: number; readonly storeId?: Uint8Array } = {},
): Promise<ServedValidator> {
  const unexpected: unknown[] = [];
  const implementation: Partial<ServiceImpl<typeof ValidatorService>> = {
    async submitOrder(request, { signal }) {
      return voteAnswerToProto(await validator.vote(orderSubmissionFromProto(request), signal));
    },
    async openRound(request, { signal }) {
      return promiseAnswerToProto(await validator.openRound(roundSubmissionFromProto(request), signal));
    },
    async submitProposal(request, { signal }) {
      return roundVoteAnswerToProto(await validator.voteInRound(proposalSubmissionFromProto(request), signal));
    },
    async getFundingClosure({ transactionHash }, { signal }) {
      return fundingClosureToProto(await validator.fundingClosure(hashFromBytes(transactionHash), signal));
    },
    async listEvidence({ limit }, { signal }) {
      return { evidence: (await validator.evidence(limit, signal)).map(evidenceToProto) };
    },
    async submitQuorumCertificate(request, { signal }) {
      return commitAnswerToProto(await validator.commit(quorumSubmissionFromProto(request), signal));
    },
    async submitCommitCertificate({ commitCertificate }, { signal }) {
      await validator.resolve(commitCertificateFromProto(commitCertificate), signal);
      return { stage: stageToProto('QUEUED_ONCHAIN') };
    },
    async getPayment({ transactionHash }, { signal }) {
      const payment = await validator.payment(hashFromBytes(transactionHash), signal);
      return payment ? { payment: paymentToProto(payment) } : {};
    },
    async getAccount({ owner, asset, clientNonce }, { signal }) {
      const account = { owner: addressFromBytes(owner), asset: addressFromBytes(asset) };
      return { account: accountAnswerToProto(await validator.account(account, clientNonce, signal)) };
    },
    async listBulletin({ filter, afterCursor, limit }, { signal }) {
      const query = { filter: bulletinFilterFromProto(filter), afterCursor, limit };
      const { entries, nextCursor, hasMore } = await validator.bulletin(query, signal);
      return { entries: entries.map(bulletinEntryToProto), nextCursor, hasMore, storeId };
    },
    async *watchBulletin(request, { signal }) {
      const isOther = request.storeId.length > 0 && request.storeId.some((byte, index) => byte !== storeId[index]);
      if (isOther) throw new RejectError('INVALID_FORMAT', 'store_id: the cursor belongs to another store');
      const after = request.fromNow ? undefined : { cursor: request.afterCursor, storeId };
      for await (const { entry } of validator.watch(after, signal)) {
        yield entry ? { entry: bulletinEntryToProto(entry), storeId } : { storeId };
      }
    },
    async getValidatorInfo(_request, { signal }) {
      return validatorInfoToProto(await validator.info(signal));
    },
  };
  const server = createServer(
    connectNodeAdapter({
      routes: ({ service }) => {
        service(ValidatorService, implementation);
      },
      interceptors: [createRejectInterceptor((error) => unexpected.push(error))],
    }),
  );
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.destroy();
      await closed;
      if (unexpected.length > 0) throw unexpected[0];
    },
  };
}
