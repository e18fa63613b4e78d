/** Nearest-rank percentile of samples; `share` between 0 and 1. @throws RangeError without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((left, right) => left - right);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('no samples');
  return value;
}

export function latencyRow(name: string, samples: readonly number[]): string {
  const figures = [0.5, 0.95, 0.99].map((share) => percentile(samples, share).toFixed(1).padStart(8)).join('');
  return `  ${name.padEnd(46)}${figures}   n=${samples.length}`;
}
