/** How often each kind of thing occurred in a run. */
export interface Statistics {
  count(kind: string, times?: number): void;
  get(kind: string): number;
  /** Of these the one that occurred least often, the first of equals. */
  rarest(kinds: readonly string[]): string;
  all(): readonly (readonly [kind: string, times: number])[];
}

export function createStatistics(): Statistics {
  const counts = new Map<string, number>();
  const get = (kind: string) => counts.get(kind) ?? 0;
  return {
    count: (kind, times = 1) => void counts.set(kind, get(kind) + times),
    get,
    rarest(kinds) {
      if (kinds.length === 0) throw new RangeError('there is nothing to compare');
      return kinds.reduce((rarest, kind) => (get(kind) < get(rarest) ? kind : rarest));
    },
    all: () => [...counts].toSorted(([left], [right]) => (left < right ? -1 : 1)),
  };
}
