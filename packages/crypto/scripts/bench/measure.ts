/** One thing to measure: runs the operation once. */
export interface Subject {
  readonly name: string;
  run(): unknown;
}

const WARM_UP_MS = 100;
const SLICE_MS = 60;
const SLICES = 7;

/**
 * Operations per second of processor time, over all threads of this process: medians of slices that take turns, so
 * that neither a busy neighbour nor a changing clock rate favours anyone.
 */
export async function measure(subjects: readonly Subject[]): Promise<ReadonlyMap<string, number>> {
  for (const subject of subjects) await slice(subject, WARM_UP_MS);
  const rates = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < SLICES; round++) {
    for (const subject of subjects) rates.get(subject.name)?.push(await slice(subject, SLICE_MS));
  }
  return new Map([...rates].map(([name, all]) => [name, median(all)]));
}

async function slice({ run }: Subject, milliseconds: number): Promise<number> {
  const start = performance.now();
  const before = process.cpuUsage();
  let count = 0;
  for (;;) {
    for (let burst = 0; burst < 8; burst++) {
      const result = run();
      // Awaiting what is no promise would cost a turn of the microtask queue.
      if (result instanceof Promise) await result;
    }
    count += 8;
    if (performance.now() - start < milliseconds) continue;
    const { user, system } = process.cpuUsage(before);
    return (count / (user + system)) * 1_000_000;
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0;
}
