import type { AccountLogPage, FundingClosure } from '@fastpay/client';
import {
  type CryptoEngine,
  createVerificationContext,
  verifyCommitCertificate,
  verifyNewRound,
  verifyPromises,
  verifyProposal,
  verifySignedOrder,
} from '@fastpay/crypto';
import { type AccountAnswer, type CommitCertificate, type Hash, type Network, RejectError } from '@fastpay/protocol';
import {
  collectPromises,
  collectValue,
  createCertificateCache,
  createSupply,
  type DrivenValue,
  drivenOrder,
  drivenProposal,
} from '@fastpay/relay/core';
import type { BulletinQuery } from '@fastpay/validator';
import { simulatorLimits } from '../limits.ts';
import type { Model } from '../model/model.ts';
import type { Network as Wire } from '../network/network.ts';
import type { Situation } from '../run/coverage.ts';
import type { Tally } from '../run/tally.ts';
import type { Scheduler } from '../time/scheduler.ts';
import type { Emit, RelayNode } from './relay-node.ts';
import { createValidatorCalls, type ValidatorCalls } from './validator-calls.ts';
import type { ValidatorNode } from './validator-node.ts';

export interface RelayDependencies {
  readonly engine: CryptoEngine;
  readonly nodes: readonly ValidatorNode[];
  readonly wire: Wire;
  readonly scheduler: Scheduler;
  readonly model: Model;
  readonly situations: Tally<Situation>;
  /** What goes on in the background and fails other than by refusal. */
  onBroken(where: string, error: unknown): void;
}

/** The relay's real collectors, cache and supply, on virtual time and an in-memory network. */
export function createHonestRelay(name: string, network: Network, dependencies: RelayDependencies): RelayNode {
  const { engine, nodes, wire, scheduler, model, situations, onBroken } = dependencies;
  const context = createVerificationContext(network, engine);
  const cache = createCertificateCache({ entries: 1_000, bytes: 4 * 1024 * 1024 });
  const validators = nodes.map((node) => createValidatorCalls(name, node, wire));

  const bulletin = (node: ValidatorNode, query: BulletinQuery, signal?: AbortSignal) =>
    wire.call({
      from: name,
      to: node,
      what: 'bulletin',
      request: query,
      serve: node.bulletin,
      timeoutMs: simulatorLimits.callTimeoutMs,
      signal,
      isRead: true,
    });

  const peers = nodes.map((node, index) => ({
    signer: node.signer,
    payment: (hash: Parameters<ValidatorNode['payment']>[0], signal: AbortSignal) =>
      validators[index]?.payment(hash, signal) ?? Promise.resolve(undefined),
    async bulletin({ filter, ...page }: PeerQuery, signal: AbortSignal) {
      const { entries, ...rest } = await bulletin(node, { ...page, ...filter }, signal);
      const certificates = entries.flatMap(({ cursor, event }) =>
        event.type === 'resolved' ? [{ cursor, event }] : [],
      );
      return { ...rest, entries: certificates, storeId: new Uint8Array(16) };
    },
  }));

  async function keep(certificate: CommitCertificate): Promise<void> {
    await verifyCommitCertificate(context, certificate);
    model.believed(name, certificate);
    cache.add(certificate);
  }

  /** Until it has it, or a few times; a validator that stays away catches up from its peers. */
  async function deliverTo(index: number, certificate: CommitCertificate): Promise<void> {
    for (let attempt = 0; attempt < simulatorLimits.deliveries; attempt++) {
      try {
        await validators[index]?.resolve(certificate);
        return;
      } catch (error) {
        if (!(error instanceof RejectError)) throw error;
        if (!error.retryable) return;
        await scheduler.sleep(simulatorLimits.deliveryPauseMs);
      }
    }
  }

  /** What verifies of one validator, if it answers. */
  async function checkedClosure(validator: ValidatorCalls, hash: Hash): Promise<FundingClosure | undefined> {
    try {
      const closure = await validator.fundingClosure(hash);
      for (const certificate of closure?.certificates ?? []) await keep(certificate);
      return closure;
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
      return undefined;
    }
  }

  function deliverToAll(certificate: CommitCertificate): Promise<unknown> {
    return Promise.all(nodes.map((_, index) => deliverTo(index, certificate)));
  }

  /** What one collection works with; it ends by itself within the time that a relay gives a payment. */
  async function collecting<Result>(
    driven: Pick<DrivenValue, 'slot' | 'signedOrder'>,
    collect: (dependencies: Parameters<typeof collectPromises>[1], signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const supply = createSupply(driven, { context, cache, validators: peers });
    const ended = new AbortController();
    const callOff = scheduler.after(simulatorLimits.paymentTimeoutMs, `${name} gives up`, () => ended.abort());
    const result = await collect(
      {
        context,
        validators,
        grace: () => scheduler.sleep(simulatorLimits.stallGraceMs),
        patience: () => scheduler.sleep(simulatorLimits.promiseGraceMs),
        async supply(...lacking) {
          const found = await supply(...lacking);
          if (found.length > 0) situations.add('attachedPredecessor');
          return found;
        },
        onMisbehaviour: () => undefined,
      },
      ended.signal,
    );
    callOff();
    return result;
  }

  function handOn(certificate: CommitCertificate): void {
    model.believed(name, certificate);
    cache.add(certificate);
    deliverToAll(certificate).catch((error: unknown) => onBroken(`${name} delivers`, error));
  }

  async function drive(driven: DrivenValue, emit: Emit): Promise<void> {
    for (const attachment of driven.attachments) await keep(attachment);
    const collected = await collecting(driven, (tools, signal) => collectValue(driven, emit, tools, signal));
    if (collected.type === 'resolved') handOn(collected.certificate);
  }

  return {
    name,
    isUp: () => true,
    async submit({ signedOrder, attachments }, emit) {
      const transactionHash = await verifySignedOrder(context, signedOrder);
      const paid = cache.payment(transactionHash)?.commit;
      if (paid) emit({ type: 'paid', certificate: paid });
      else await drive(drivenOrder({ signedOrder, attachments }, transactionHash), emit);
    },
    async collectPromises(request) {
      await verifyNewRound(context, request.newRound);
      for (const attachment of request.attachments) await keep(attachment);
      const collected = await collecting(request.newRound, (tools, signal) => collectPromises(request, tools, signal));
      if (collected.certificate) handOn(collected.certificate);
      return collected;
    },
    async submitProposal(request, emit) {
      const { proposal } = request;
      await verifyProposal(context, proposal);
      await verifyPromises(context, { ...request, ...proposal });
      await drive(drivenProposal(request), emit);
    },
    async fundingClosure(hash) {
      for (const validator of validators) {
        const closure = await checkedClosure(validator, hash);
        if (closure) return closure;
      }
      return { certificates: [], complete: false };
    },
    evidence: () => Promise.resolve([]),
    async deliver(certificate) {
      await keep(certificate);
      await deliverToAll(certificate);
    },
    async statements(account, clientNonce) {
      const answers: AccountAnswer[] = [];
      const ended = new AbortController();
      const callOff = scheduler.after(simulatorLimits.readTimeoutMs, `${name} reads on`, () => ended.abort());
      await Promise.all(
        validators.map(async (validator) => {
          try {
            answers.push(await validator.account(account, clientNonce, ended.signal));
          } catch (error) {
            if (!(error instanceof RejectError)) throw error;
          }
        }),
      );
      callOff();
      return answers;
    },
    async accountLog({ owner, signer, afterCursor }): Promise<AccountLogPage> {
      const node = nodes[signer];
      if (!node) throw new RejectError('INVALID_FORMAT', 'there is no such validator');
      const { entries, nextCursor, hasMore } = await bulletin(node, {
        owner,
        afterCursor,
        limit: simulatorLimits.syncPage,
      });
      const certificates = entries.flatMap(({ event }) => (event.type === 'resolved' ? [event.certificate] : []));
      return { certificates, settlements: [], nextCursor, hasMore };
    },
  };
}

type PeerQuery = Parameters<Parameters<typeof createSupply>[1]['validators'][number]['bulletin']>[0];
