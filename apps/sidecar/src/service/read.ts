import type { ServiceImpl } from '@connectrpc/connect';
import { committeeHash, RejectError } from '@fastpay/protocol';
import {
  accountAnswerToProto,
  type ChainHead,
  CLIENT_NONCE_BYTES,
  chainHeadToProto,
  paymentToProto,
  type ValidatorService,
  validatorInfoToProto,
} from '@fastpay/rpc';
import type { ServiceDependencies } from './dependencies.ts';
import { addressOf, hashOf } from './fields.ts';

type Methods = Pick<
  ServiceImpl<typeof ValidatorService>,
  'getPayment' | 'getAccount' | 'getValidatorInfo' | 'getChainHead'
>;

/** Everything that answers from what this validator knows and changes nothing. */
export function createReadMethods(dependencies: ServiceDependencies): Methods {
  const { validator, network, identity, separator, chain, clock, version } = dependencies;
  const startedMs = clock.monotonicMs();
  const hashOfCommittee = committeeHash(network.committee);

  return {
    getPayment(request) {
      const payment = validator.payment(hashOf(request.transactionHash, 'transaction_hash'));
      return payment ? { payment: paymentToProto(payment) } : {};
    },

    async getAccount(request) {
      const account = { owner: addressOf(request.owner, 'owner'), asset: addressOf(request.asset, 'asset') };
      if (request.clientNonce.length !== CLIENT_NONCE_BYTES) {
        throw new RejectError('INVALID_FORMAT', `client_nonce: has ${CLIENT_NONCE_BYTES} bytes`);
      }
      const answer = await validator.account(account, request.clientNonce, { nowMs: clock.unixMs() });
      return { account: accountAnswerToProto(answer) };
    },

    getValidatorInfo() {
      const { name, votingKey, settlementAddress, stake } = identity.member;
      const { votesSigned, commitsSigned, slotsResolved, lastSignedAtMs } = validator.counters();
      const head = chain.head();
      return validatorInfoToProto({
        name,
        signer: identity.signer,
        votingKey,
        settlementAddress,
        stake,
        epoch: network.committee.epoch,
        domainSeparator: separator,
        committeeHash: hashOfCommittee,
        version,
        uptimeMs: Math.round(clock.monotonicMs() - startedMs),
        ...(head ? { chainHead: head } : {}),
        votesSigned,
        commitsSigned,
        slotsResolved,
        lastSignedAtMs: Number(lastSignedAtMs),
        observing: validator.mode() === 'observing',
      });
    },

    getChainHead() {
      return { chainHead: chainHeadToProto(knownHead(chain.head())) };
    },
  };
}

function knownHead(head: ChainHead | undefined): ChainHead {
  if (!head) throw new RejectError('TEMPORARILY_UNAVAILABLE', 'this validator has not seen the chain yet');
  return head;
}
