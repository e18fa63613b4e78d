/** How often each thing happened; names are ascending in reports. */
export interface Tally<Name extends string> {
  add(name: Name, count?: number): void;
  count(name: Name): number;
  entries(): readonly (readonly [Name, number])[];
}

export function createTally<Name extends string>(): Tally<Name> {
  const counts = new Map<Name, number>();
  return {
    add: (name, count = 1) => void counts.set(name, (counts.get(name) ?? 0) + count),
    count: (name) => counts.get(name) ?? 0,
    entries: () => [...counts].sort(([left], [right]) => (left < right ? -1 : 1)),
  };
}
