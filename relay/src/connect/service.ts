import { type ConnectRouter, createContextKey, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import { addressFromBytes, hashFromBytes, RejectError } from '@fastpay/protocol';
import {
  accountAnswerToProto,
  accountEventToProto,
  bulletinEntryToProto,
  bulletinFilterFromProto,
  type ChainHead,
  CLIENT_NONCE_BYTES,
  chainHeadToProto,
  collectedPromisesToProto,
  commitCertificateFromProto,
  evidenceToProto,
  fundingClosureToProto,
  orderSubmissionFromProto,
  paymentEventToProto,
  paymentStatusToProto,
  proposalSubmissionFromProto,
  RelayService,
  roundSubmissionFromProto,
  sponsorDepositRequestFromProto,
  sponsoredTransactionToProto,
  sponsorOfferToProto,
  validatorFailureToProto,
  validatorStatusToProto,
} from '@fastpay/rpc';
import type { Relay } from '../relay.ts';
import type { Sponsor } from '../sponsor/sponsor.ts';

/** The network address of the caller, as the reverse proxies in front are trusted to tell it. */
export const clientAddressKey = createContextKey('', { description: 'address of the caller' });

interface ServiceDependencies {
  readonly relay: Relay;
  readonly sponsor: Sponsor;
  chainHead(): Promise<ChainHead>;
  /** Aborts when the relay shuts down. */
  readonly stopping: AbortSignal;
  /** Unix milliseconds. */
  now(): number;
}

/** The relay over Connect, gRPC-Web and gRPC. Refusals leave through the reject interceptor. */
export function relayService({ relay, sponsor, chainHead, stopping, now }: ServiceDependencies) {
  const implementation: ServiceImpl<typeof RelayService> = {
    async *submitPayment(request) {
      const { events } = await relay.submit(orderSubmissionFromProto(request));
      for await (const event of events) yield paymentEventToProto(event, BigInt(now()));
    },
    async collectPromises(request) {
      return collectedPromisesToProto(await relay.openRound(roundSubmissionFromProto(request)));
    },
    async *submitRoundProposal(request) {
      const events = await relay.propose(proposalSubmissionFromProto(request));
      for await (const event of events) yield paymentEventToProto(event, BigInt(now()));
    },
    async deliverCertificate({ commitCertificate }) {
      const { signers, failures } = await relay.deliver(commitCertificateFromProto(commitCertificate));
      return { signers: [...signers], failures: failures.map(validatorFailureToProto) };
    },
    async getPaymentStatus({ transactionHash }) {
      return paymentStatusToProto(await relay.status(hashFromBytes(transactionHash)));
    },
    async getAccountStatements({ owner, asset, clientNonce }) {
      if (clientNonce.length !== CLIENT_NONCE_BYTES) {
        throw new RejectError('INVALID_FORMAT', `client_nonce: has ${CLIENT_NONCE_BYTES} bytes`);
      }
      const account = { owner: addressFromBytes(owner), asset: addressFromBytes(asset) };
      const { answers, failures } = await relay.statements(account, clientNonce);
      return { answers: answers.map(accountAnswerToProto), failures: failures.map(validatorFailureToProto) };
    },
    async listRelayBulletin({ filter, afterCursor, limit, signer }, context: HandlerContext) {
      const query = {
        filter: bulletinFilterFromProto(filter),
        afterCursor,
        limit,
        ...(signer === undefined ? {} : { signer }),
      };
      const page = await relay.bulletin(query, context.values.get(clientAddressKey));
      return {
        signer: page.signer,
        entries: page.entries.map(bulletinEntryToProto),
        nextCursor: page.nextCursor,
        hasMore: page.hasMore,
      };
    },
    async *watchAccount({ owner }, context: HandlerContext) {
      const signal = AbortSignal.any([context.signal, stopping]);
      const client = context.values.get(clientAddressKey);
      for await (const event of relay.watch(addressFromBytes(owner), client, signal)) yield accountEventToProto(event);
    },
    async getRelayFundingClosure({ transactionHash }, context: HandlerContext) {
      const client = context.values.get(clientAddressKey);
      return fundingClosureToProto(await relay.closure(hashFromBytes(transactionHash), client));
    },
    async listRelayEvidence(_request, context: HandlerContext) {
      return { evidence: (await relay.evidence(context.values.get(clientAddressKey))).map(evidenceToProto) };
    },
    getCommitteeStatus: () => ({ validators: relay.committee().map(validatorStatusToProto) }),
    async getRelayChainHead() {
      return { chainHead: chainHeadToProto(await chainHead()) };
    },
    async getSponsorOffer() {
      const offer = await sponsor.offer();
      return offer ? { offer: sponsorOfferToProto(offer) } : {};
    },
    async sponsorDeposit(request, context: HandlerContext) {
      const client = context.values.get(clientAddressKey);
      return sponsoredTransactionToProto(await sponsor.sign(sponsorDepositRequestFromProto(request), client));
    },
  };
  return (router: ConnectRouter): void => {
    router.service(RelayService, implementation);
  };
}
