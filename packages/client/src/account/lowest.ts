/** The smallest of the values and `most`. (Math.min knows no bigint.) */
export function lowest(values: readonly bigint[], most: bigint): bigint {
  let least = most;
  for (const value of values) if (value < least) least = value;
  return least;
}
