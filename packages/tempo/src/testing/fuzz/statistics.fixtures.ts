/** How often each kind of thing occurred in a run. */
export interface Statistics {
  count(kind: string, times?: number): void;
  get(kind: string): number;
  all(): readonly (readonly [kind: string, times: number])[];
}

export function createStatistics(): Statistics {
  const counts = new Map<string, number>();
  return {
    count: (kind, times = 1) => void counts.set(kind, (counts.get(kind) ?? 0) + times),
    get: (kind) => counts.get(kind) ?? 0,
    all: () => [...counts].toSorted(([left], [right]) => (left < right ? -1 : 1)),
  };
}
