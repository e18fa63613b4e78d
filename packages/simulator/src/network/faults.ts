import { type Random, randomOf } from '../random/random.ts';

/** How often messages suffer, each a probability for one message. */
export interface FaultRates {
  readonly drop: number;
  readonly delay: number;
  readonly duplicate: number;
  readonly corrupt: number;
}

export const NO_FAULTS: FaultRates = { drop: 0, delay: 0, duplicate: 0, corrupt: 0 };

export type MessageFault = 'messageDropped' | 'messageDelayed' | 'messageDuplicated' | 'messageCorrupted';

/** What happens to one message. */
export interface MessageFate {
  readonly latencyMs: number;
  readonly isDropped: boolean;
  /** When a second copy comes, after the first is sent. */
  readonly duplicateLatencyMs?: number;
  /** Alters the message with these numbers. */
  readonly corruption?: Random;
}

export interface MessageFates {
  /** Of the next message on this link. */
  next(link: string): MessageFate;
  /** From now on messages only take their time. */
  stop(): void;
  /** Names of the faults that happened, in order: `link#number/fault`. */
  readonly injected: readonly string[];
}

export interface FatesOptions {
  readonly seed: number;
  readonly rates: FaultRates;
  /** Leaves out faults, by name; for shrinking. */
  isAllowed(name: string): boolean;
  onFault(fault: MessageFault): void;
}

const MOST_DELAY_MS = 6_000;

/** The fate of a message follows from the seed, its link and its number there, and from nothing else. */
export function createMessageFates({ seed, rates, isAllowed, onFault }: FatesOptions): MessageFates {
  const counts = new Map<string, number>();
  const injected: string[] = [];
  let isOn = rates.drop + rates.delay + rates.duplicate + rates.corrupt > 0;

  return {
    injected,
    stop() {
      isOn = false;
    },
    next(link) {
      const number = counts.get(link) ?? 0;
      counts.set(link, number + 1);
      const message = `${link}#${number}`;
      const random = randomOf(seed, message);
      const latencyMs = 1 + random.below(25);
      if (!isOn) return { latencyMs, isDropped: false };
      const suffers = (fault: MessageFault, rate: number) => {
        const name = `${message}/${fault}`;
        if (!random.chance(rate) || !isAllowed(name)) return false;
        injected.push(name);
        onFault(fault);
        return true;
      };
      const isDropped = suffers('messageDropped', rates.drop);
      const delayMs = suffers('messageDelayed', rates.delay) ? 1 + random.below(MOST_DELAY_MS) : 0;
      const isDuplicated = suffers('messageDuplicated', rates.duplicate);
      const isCorrupted = suffers('messageCorrupted', rates.corrupt);
      return {
        latencyMs: latencyMs + delayMs,
        isDropped,
        ...(isDuplicated && { duplicateLatencyMs: 1 + random.below(MOST_DELAY_MS) }),
        ...(isCorrupted && { corruption: random }),
      };
    },
  };
}
