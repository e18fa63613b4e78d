/** The smallest of the values and `most`. (Math.min knows no bigint.) */
export function lowest(values: readonly bigint[], most: bigint): bigint {
  let least = most;
  for (const value of values) if (value < least) least = value;
  return least;
}

/** The largest of the values and `least`. */
export function highest(values: readonly bigint[], least: bigint): bigint {
  let most = least;
  for (const value of values) if (value > most) most = value;
  return most;
}
