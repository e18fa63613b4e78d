/** The heap after everything that can go has gone, at one moment of a long run. */
export interface HeapSample {
  /** Steps simulated so far. */
  readonly steps: number;
  readonly bytes: number;
}

export interface Trend {
  /** Median of the slopes between all pairs of samples: one jump, or one sample far off, does not move it. */
  readonly bytesPerStep: number;
  /** From the first sample to the last, bytes. */
  readonly growthBytes: number;
  /** How far samples lie from the trend at most, bytes. */
  readonly scatterBytes: number;
}

/** Theil–Sen estimate over the samples. @throws Error with fewer than two. */
export function trendOf(samples: readonly HeapSample[]): Trend {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || first === last) throw new Error('a trend takes two samples');
  const slopes = samples.flatMap((left, index) =>
    samples.slice(index + 1).map((right) => (right.bytes - left.bytes) / (right.steps - left.steps)),
  );
  const bytesPerStep = median(slopes);
  const level = median(samples.map(({ steps, bytes }) => bytes - bytesPerStep * steps));
  const scatterBytes = Math.max(...samples.map(({ steps, bytes }) => Math.abs(bytes - bytesPerStep * steps - level)));
  return { bytesPerStep, growthBytes: bytesPerStep * (last.steps - first.steps), scatterBytes };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  const [low = 0, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
