import type { Transport, TransportPaymentEvent } from '@fastpay/client';
import { RejectError } from '@fastpay/protocol';
import { simulatorLimits } from '../limits.ts';
import { createStream, type Network as Wire } from '../network/network.ts';
import type { Random } from '../random/random.ts';
import type { RelayNode } from './relay-node.ts';

export interface WalletTransportOptions {
  /** The device's name on the network. */
  readonly name: string;
  /** Any number of relays, one of which is used for each request. */
  readonly relays: readonly RelayNode[];
  /** A process that is dead asks for nothing and hears nothing. */
  isAlive(): boolean;
}

/** A wallet's way to the committee: relays over the in-memory network. */
export function createWalletTransport(
  { name, relays, isAlive }: WalletTransportOptions,
  { wire, random }: { readonly wire: Wire; readonly random: Random },
): Transport {
  const relay = () => random.pick(relays);
  const never = <Answer>() => new Promise<Answer>(() => undefined);

  function ask<Request, Answer>(
    what: string,
    request: Request,
    serve: (node: RelayNode, request: Request) => Promise<Answer>,
    { signal, isRead = false }: { readonly signal?: AbortSignal; readonly isRead?: boolean } = {},
  ): Promise<Answer> {
    if (!isAlive()) return never();
    const to = relay();
    return new Promise((resolve, reject) => {
      const whileAlive =
        <Value>(end: (value: Value) => void) =>
        (value: Value) => {
          if (isAlive()) end(value);
        };
      wire
        .call({
          from: name,
          to,
          what,
          request,
          serve: (arrived) => serve(to, arrived),
          timeoutMs: simulatorLimits.paymentTimeoutMs,
          signal,
          isRead,
        })
        .then(whileAlive(resolve), whileAlive(reject));
    });
  }

  /** A request that is answered by events, in order, until one of them is the last or the connection breaks. */
  async function* stream<Request>(
    what: string,
    request: Request,
    serve: (node: RelayNode, request: Request, emit: (event: TransportPaymentEvent) => void) => Promise<void>,
    signal: AbortSignal,
  ): AsyncGenerator<TransportPaymentEvent> {
    if (!isAlive()) await never();
    const inbox: TransportPaymentEvent[] = [];
    let broken: RejectError | undefined;
    let wake = () => {};
    const breakOff = (reason: RejectError) => {
      if (!isAlive()) return;
      broken ??= reason;
      wake();
    };
    const lost = () => breakOff(new RejectError('TEMPORARILY_UNAVAILABLE', 'the connection to the relay broke'));
    const to = relay();
    const back = createStream();
    wire.send({
      from: name,
      to: to.name,
      what,
      stream: createStream(),
      message: request,
      onBreak: lost,
      deliver(arrived) {
        const emit = (event: TransportPaymentEvent) =>
          wire.send({
            from: to.name,
            to: name,
            what: `${what} ${event.type}`,
            stream: back,
            message: event,
            onBreak: lost,
            deliver(answer) {
              if (!isAlive()) return;
              inbox.push(answer);
              wake();
            },
          });
        serve(to, arrived, emit).catch((error: unknown) => {
          if (error instanceof RejectError) breakOff(error);
          else throw error;
        });
      },
    });
    signal.addEventListener('abort', lost, { once: true });
    try {
      for (;;) {
        const event = inbox.shift();
        if (event) {
          yield event;
          if (event.type === 'paid' || event.type === 'stalled') return;
        } else if (broken || signal.aborted) {
          throw broken ?? new RejectError('TEMPORARILY_UNAVAILABLE', 'nobody waits any more');
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      signal.removeEventListener('abort', lost);
    }
  }

  const notOffered = () => Promise.reject(new RejectError('TEMPORARILY_UNAVAILABLE', 'this relay does not offer that'));
  return {
    submitPayment: (request, signal) => stream('submit', request, (node, ...rest) => node.submit(...rest), signal),
    submitProposal: (request, signal) =>
      stream('propose', request, (node, ...rest) => node.submitProposal(...rest), signal),
    collectPromises: (request, signal) =>
      ask('newRound', request, (node, arrived) => node.collectPromises(arrived), { signal }),
    deliverCertificate: (certificate) => ask('deliver', certificate, (node, arrived) => node.deliver(arrived)),
    fundingClosure: (hash) => ask('closure', hash, (node, arrived) => node.fundingClosure(arrived), reading),
    evidence: () => ask('evidence', {}, (node) => node.evidence(), reading),
    accountStatements: (account, clientNonce) =>
      ask(
        'statements',
        { account, clientNonce },
        (node, arrived) => node.statements(arrived.account, arrived.clientNonce),
        reading,
      ),
    accountLog: (request) => ask('log', request, (node, arrived) => node.accountLog(arrived), reading),
    paymentStatus: notOffered,
    committeeStatus: notOffered,
    chainHead: notOffered,
    // A stream would tell sooner what `sync` tells; nothing rests on it.
    watchAccount: () => ({
      [Symbol.asyncIterator]: () => ({ next: notOffered }),
    }),
  };
}

const reading = { isRead: true };
