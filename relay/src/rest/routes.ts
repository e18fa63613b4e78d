import {
  type AccountAnswer,
  committeeHash,
  encodeNetwork,
  fromHex,
  limits,
  quorumStake,
  toAddress,
  toHash,
  toHex,
  totalStake,
  validityStake,
} from '@fastpay/protocol';
import { type ChainHead, CLIENT_NONCE_BYTES, type PaymentEvent } from '@fastpay/rpc';
import { z } from 'zod';
import { relayLimits } from '../limits.ts';
import type { Relay } from '../relay.ts';
import type { Sponsor } from '../sponsor/sponsor.ts';
import type { JsonRpcGateway } from '../tempo/json-rpc-gateway.ts';
import {
  bulletinEntryToJson,
  commitCertificateFromJson,
  failureToJson,
  promisesToJson,
  proposalSubmissionFromJson,
  roundSubmissionFromJson,
  signedOrderFromJson,
  sponsorOfferToJson,
  statementToJson,
  validatorToJson,
} from './json.ts';
import { ProblemError, problemOf } from './problem.ts';
import { defineRoute, type Route } from './route.ts';
import * as schemas from './schemas.ts';
import { toJson } from './to-json.ts';

interface RouteDependencies {
  readonly relay: Relay;
  readonly sponsor: Sponsor;
  readonly devnetUrl: string | undefined;
  chainHead(): Promise<ChainHead>;
  readonly tempo: JsonRpcGateway;
  randomBytes(length: number): Uint8Array;
}

const accountParams = z.strictObject({ owner: schemas.address, asset: schemas.address });
const small = (maximum: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/, 'must be a whole number')
    .refine((text) => Number(text) <= maximum, `must be at most ${maximum}`)
    .transform(Number);

export function createRoutes({
  relay,
  sponsor,
  devnetUrl,
  chainHead,
  tempo,
  randomBytes,
}: RouteDependencies): readonly Route[] {
  const { network } = relay;
  const { committee } = network;
  return [
    defineRoute({
      method: 'post',
      path: '/v1/payments',
      summary: 'Submit a signed order; by default answers once it is paid, or once no quorum stands',
      query: z.strictObject({
        wait: z
          .enum(['paid', 'none'])
          .default('paid')
          .describe('paid: until a commit certificate exists or the payment stalls; none: answer at once'),
      }),
      body: schemas.paymentSubmission,
      response: schemas.payment,
      otherStatuses: [202],
      async handle({ query, body }) {
        const { transactionHash, events } = await relay.submit({
          signedOrder: signedOrderFromJson(body.signedOrder),
          attachments: body.attachments.map(commitCertificateFromJson),
        });
        if (query.wait === 'none') {
          return { status: 202, body: { transactionHash, voteCount: 0, commitCount: 0 } };
        }
        const { certificate, voteCount, commitCount } = await untilCertified(events);
        return {
          body: toJson({
            transactionHash,
            stage: 'QUEUED_ONCHAIN',
            voteCount,
            commitCount: Math.max(commitCount, certificate.signatures.length),
            signedOrder: certificate.signedOrder,
            commitCertificate: certificate,
          }),
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/payments/{hash}',
      summary: 'Stage, counts and certificates of a payment',
      params: z.strictObject({ hash: schemas.hash }),
      response: schemas.payment,
      async handle({ params }) {
        const transactionHash = toHash(params.hash);
        const status = await relay.status(transactionHash);
        if (!status.stage && !status.signedOrder) {
          throw new ProblemError(problemOf('NOT_FOUND', 'no validator that answered knows this payment'));
        }
        return { body: toJson({ transactionHash, ...status }) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/payments/{hash}/closure',
      summary: 'The unsettled certificates that a payment rests on: with them anyone can settle it',
      params: z.strictObject({ hash: schemas.hash }),
      response: schemas.fundingClosure,
      async handle({ params, client }) {
        return { body: toJson(await relay.closure(toHash(params.hash), client)) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/rounds',
      summary: 'Open a higher round of a slot: what validators of a quorum’s stake promise',
      body: schemas.roundSubmission,
      response: schemas.promises,
      handle: async ({ body }) => ({ body: promisesToJson(await relay.openRound(roundSubmissionFromJson(body))) }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/proposals',
      summary: 'Put a value forward in a higher round; answers once the slot holds it, or once no quorum stands',
      body: schemas.proposalSubmission,
      response: schemas.resolution,
      async handle({ body }) {
        const { certificate } = await untilCertified(await relay.propose(proposalSubmissionFromJson(body)));
        return { body: { commitCertificate: toJson(certificate) } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/evidence',
      summary: 'Proof that validators broke the protocol, as any of them published it',
      response: schemas.evidenceList,
      handle: async ({ client }) => ({ body: { evidence: toJson(await relay.evidence(client)) } }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/bulletin',
      summary: 'A page of one validator’s log, oldest first',
      query: z.strictObject({
        transactionHash: schemas.hash.optional().describe('Only entries about this payment'),
        owner: schemas.address.optional().describe('Only entries in which this address pays, is paid or deposits'),
        after: schemas.u64.default('0').describe('`nextCursor` of the page before'),
        limit: small(limits.bulletinPage).optional().describe(`At most ${relayLimits.bulletinPage} are returned`),
        signer: small(limits.committeeSize - 1)
          .optional()
          .describe('Whose log; required with `after`'),
      }),
      response: schemas.bulletin,
      async handle({ query, client }) {
        const asked = {
          filter: {
            ...(query.transactionHash ? { transactionHash: toHash(query.transactionHash) } : {}),
            ...(query.owner ? { owner: toAddress(query.owner) } : {}),
          },
          afterCursor: BigInt(query.after),
          limit: query.limit ?? 0,
          ...(query.signer === undefined ? {} : { signer: query.signer }),
        };
        const page = await relay.bulletin(asked, client);
        return {
          body: {
            signer: page.signer,
            entries: page.entries.map(bulletinEntryToJson),
            nextCursor: `${page.nextCursor}`,
            hasMore: page.hasMore,
          },
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/accounts/{owner}/{asset}',
      summary: 'What each validator states about an account, signed',
      params: accountParams,
      query: z.strictObject({
        nonce: schemas.nonce.optional().describe('Makes the statements fresh; chosen by the relay when left out'),
      }),
      response: schemas.account,
      async handle({ params, query }) {
        const account = { owner: toAddress(params.owner), asset: toAddress(params.asset) };
        const clientNonce = query.nonce ? fromHex(query.nonce) : randomBytes(CLIENT_NONCE_BYTES);
        const { answers, failures } = await relay.statements(account, clientNonce);
        const quorum = agreement(answers, committee);
        return {
          body: {
            ...account,
            clientNonce: toHex(clientNonce),
            ...(quorum ? { quorum } : {}),
            statements: answers.map(statementToJson),
            failures: failures.map(failureToJson),
          },
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/committee',
      summary: 'The committee, and what this relay sees of each validator',
      response: schemas.committee,
      handle: async () => ({
        body: {
          epoch: `${committee.epoch}`,
          committeeHash: committeeHash(committee),
          totalStake: `${totalStake(committee)}`,
          validityStake: `${validityStake(committee)}`,
          quorumStake: `${quorumStake(committee)}`,
          members: relay.committee().flatMap((status) => {
            const member = committee.members[status.signer];
            const { signer } = status;
            return member ? [{ signer, ...member, stake: `${member.stake}`, status: validatorToJson(status) }] : [];
          }),
        },
      }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/chain',
      summary: 'The head of Tempo as the relay’s node sees it',
      response: schemas.chainHead,
      handle: async () => ({ body: toJson(await chainHead()) }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/network',
      summary: 'The network manifest',
      response: schemas.network,
      handle: async () => ({
        body: {
          network: encodeNetwork(network) as Record<string, unknown>,
          ...(devnetUrl === undefined ? {} : { devnetUrl }),
        },
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/certificates',
      summary: 'Hand a commit certificate to every validator',
      body: schemas.certificateSubmission,
      response: schemas.delivery,
      async handle({ body }) {
        const { signers, failures } = await relay.deliver(commitCertificateFromJson(body.certificate));
        return { body: { signers: [...signers], failures: failures.map(failureToJson) } };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/tempo',
      summary: 'JSON-RPC of Tempo: the reads that wallets make, and eth_sendRawTransaction; no batches',
      body: schemas.jsonRpcRequest,
      response: schemas.jsonRpcResponse,
      handle: async ({ body }) => ({ body: await tempo(body) }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/sponsor',
      summary: 'Under which terms this relay pays for the gas of deposits, if it does at the moment',
      response: schemas.sponsor,
      async handle() {
        const offer = await sponsor.offer();
        return { body: offer ? { offer: sponsorOfferToJson(offer) } : {} };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/sponsor',
      summary: 'Sign as the fee payer of a deposit that its sender has signed; sending it is up to the caller',
      body: schemas.sponsorRequest,
      response: schemas.sponsoredTransaction,
      async handle({ body, client }) {
        return { body: await sponsor.sign(toHex(fromHex(body.rawTransaction)), client) };
      },
    }),
  ];
}

/** @throws RejectError why it stalled. */
async function untilCertified(events: AsyncIterable<PaymentEvent>) {
  let voteCount = 0;
  let commitCount = 0;
  for await (const event of events) {
    if (event.type === 'vote') voteCount++;
    if (event.type === 'commit') commitCount++;
    if (event.type === 'stalled') throw event.reject;
    if (event.type === 'paid') return { certificate: event.certificate, voteCount, commitCount };
  }
  throw new Error('a run ended without an outcome');
}

/** The balance and sequence that validators of stake ≥ q state alike. */
function agreement(answers: readonly AccountAnswer[], committee: Relay['network']['committee']) {
  for (const { signed } of answers) {
    const { balance, next } = signed.statement;
    const signers = answers
      .filter((answer) => answer.signed.statement.balance === balance && answer.signed.statement.next === next)
      .map((answer) => answer.signed.signature.signer);
    const stake = signers.reduce((sum, signer) => sum + (committee.members[signer]?.stake ?? 0n), 0n);
    if (stake >= quorumStake(committee)) return { balance: `${balance}`, next: `${next}`, signers };
  }
  return undefined;
}
