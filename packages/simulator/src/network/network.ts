import { RejectError } from '@fastpay/protocol';
import type { Scheduler } from '../time/scheduler.ts';
import { corrupted } from './corrupt.ts';
import type { MessageFates } from './faults.ts';

/** Whoever can be asked. */
export interface Endpoint {
  readonly name: string;
  /** Whether its process runs. */
  isUp(): boolean;
}

export interface Call<Request, Answer> {
  readonly from: string;
  readonly to: Endpoint;
  /** For the trace. */
  readonly what: string;
  readonly request: Request;
  /** Run at the other end, once for each copy of the request that arrives. */
  serve(request: Request): Promise<Answer>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Asks for nothing to be done: question and answer share one fate and one event. */
  readonly isRead?: boolean;
}

/** Carries questions and answers, or loses, delays, doubles and alters them. */
export interface Network {
  /** @throws RejectError and nothing else: the other end's, or TEMPORARILY_UNAVAILABLE. */
  call<Request, Answer>(call: Call<Request, Answer>): Promise<Answer>;
  /** A message without an answer, never out of order with others of the same `stream`. */
  send<Message>(options: SendOptions<Message>): void;
  /** Cuts every link between the two groups, both ways, until `heal`. */
  cut(left: ReadonlySet<string>, right: ReadonlySet<string>): void;
  heal(): void;
}

export interface SendOptions<Message> {
  readonly from: string;
  readonly to: string;
  readonly what: string;
  readonly stream: Stream;
  readonly message: Message;
  deliver(message: Message): void;
  /** The connection broke: this message and all later ones are lost. */
  onBreak(): void;
}

/** Keeps the order of what is sent over one connection. */
export interface Stream {
  lastArrivalMs: number;
  isBroken: boolean;
}

export function createStream(): Stream {
  return { lastArrivalMs: 0, isBroken: false };
}

interface Read<Request, Answer> extends Pick<Call<Request, Answer>, 'from' | 'to' | 'what' | 'request' | 'serve'> {
  take(answer: Answer | RejectError): void;
  refuse(): void;
}

interface NetworkDependencies {
  readonly scheduler: Scheduler;
  readonly fates: MessageFates;
  /** A failure that is no refusal: some code under test is broken. */
  onBroken(where: string, error: unknown): void;
  onReordered(): void;
}

export function createNetwork({ scheduler, fates, onBroken, onReordered }: NetworkDependencies): Network {
  let cuts: readonly (readonly [ReadonlySet<string>, ReadonlySet<string>])[] = [];
  const latestArrival = new Map<string, number>();

  const isCut = (from: string, to: string) =>
    cuts.some(([left, right]) => (left.has(from) && right.has(to)) || (left.has(to) && right.has(from)));

  /** Delivers a message as often as its fate says. */
  function carry<Message>(
    from: string,
    to: string,
    what: string,
    message: Message,
    deliver: (message: Message) => void,
  ): void {
    const link = `${from}>${to}`;
    const fate = fates.next(link);
    if (fate.isDropped) return;
    const content = fate.corruption ? corrupted(message, fate.corruption) : message;
    const arrive = (latencyMs: number) => {
      const arrival = scheduler.nowMs() + latencyMs;
      if (arrival < (latestArrival.get(link) ?? 0)) onReordered();
      else latestArrival.set(link, arrival);
      scheduler.after(latencyMs, `${link} ${what}`, () => {
        if (!isCut(from, to)) deliver(content);
      });
    };
    arrive(fate.latencyMs);
    if (fate.duplicateLatencyMs !== undefined) arrive(fate.duplicateLatencyMs);
  }

  /** There and back in one event; what goes wrong goes wrong on the way back. */
  function read<Request, Answer>({ from, to, what, request, serve, take, refuse }: Read<Request, Answer>): void {
    const link = `${from}>${to.name}`;
    const { isDropped, latencyMs, corruption } = fates.next(link);
    if (isDropped) return;
    scheduler.after(2 * latencyMs, `${link} ${what}`, () => {
      if (isCut(from, to.name)) return;
      if (!to.isUp()) {
        refuse();
        return;
      }
      serve(request).then(
        (answer) => take(corruption ? corrupted(answer, corruption) : answer),
        (error: unknown) => {
          if (error instanceof RejectError) take(error);
          else onBroken(`${to.name} ${what}`, error);
        },
      );
    });
  }

  return {
    call<Request, Answer>({ from, to, what, request, serve, timeoutMs, signal, isRead }: Call<Request, Answer>) {
      return new Promise<Answer>((resolve, reject) => {
        let isSettled = false;
        const settle = (end: () => void) => {
          if (isSettled) return;
          isSettled = true;
          callOff();
          signal?.removeEventListener('abort', abandon);
          end();
        };
        const fail = (text: string) => settle(() => reject(new RejectError('TEMPORARILY_UNAVAILABLE', text)));
        const abandon = () => fail('nobody waits for the answer any more');
        const callOff = scheduler.after(timeoutMs, `${from} gives up ${what}`, () => fail('no answer in time'));
        if (signal?.aborted) return abandon();
        signal?.addEventListener('abort', abandon, { once: true });

        const take = (arrived: Answer | RejectError) =>
          settle(() => (arrived instanceof RejectError ? reject(arrived) : resolve(arrived)));
        if (isRead) {
          read({ from, to, what, request, serve, take, refuse: () => fail('connection refused') });
          return;
        }
        const answer = (end: Answer | RejectError) => carry(to.name, from, `${what} answered`, end, take);
        carry(from, to.name, what, request, (arrived) => {
          if (!to.isUp()) {
            fail('connection refused');
            return;
          }
          serve(arrived).then(answer, (error: unknown) => {
            if (error instanceof RejectError) answer(error);
            else onBroken(`${to.name} ${what}`, error);
          });
        });
      });
    },

    send({ from, to, what, stream, message, deliver, onBreak }) {
      if (stream.isBroken) return;
      const link = `${from}>${to}`;
      const fate = fates.next(link);
      const content = fate.corruption ? corrupted(message, fate.corruption) : message;
      stream.lastArrivalMs = Math.max(stream.lastArrivalMs, scheduler.nowMs() + fate.latencyMs);
      const isLost = fate.isDropped;
      scheduler.after(stream.lastArrivalMs - scheduler.nowMs(), `${link} ${what}`, () => {
        if (stream.isBroken) return;
        if (isLost || isCut(from, to)) {
          stream.isBroken = true;
          onBreak();
          return;
        }
        deliver(content);
        if (fate.duplicateLatencyMs !== undefined) deliver(content);
      });
    },

    cut(left, right) {
      cuts = [...cuts, [left, right]];
    },
    heal() {
      cuts = [];
    },
  };
}
