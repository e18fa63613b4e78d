/** What may be spent in an hour and in a day, and what was. Base units of the fee token. */
export interface Budget {
  /** What can still be taken now. */
  readonly left: bigint;
  /** Milliseconds until the oldest hour that still counts drops out; the soonest that more can be left. */
  readonly retryAfterMs: number;
  /** Takes units that are left, and gives the hour that they count for. @throws RangeError when they are not left. */
  take(units: bigint): number;
  /** Units of that hour that were not spent after all. */
  giveBack(hour: number, units: bigint): void;
  /** Units by hour (since 1970), those that still count: at most a day of them. */
  spent(): ReadonlyMap<number, bigint>;
}

export interface BudgetLimits {
  readonly unitsPerHour: bigint;
  readonly unitsPerDay: bigint;
}

const HOUR_MS = 3_600_000;
const HOURS = 24;

/** Counts by the hours of the clock: a day is the hour under way and the 23 before it. */
export function createBudget(
  { unitsPerHour, unitsPerDay, spent }: BudgetLimits & { readonly spent: ReadonlyMap<number, bigint> },
  /** Unix milliseconds. */
  { now }: { now(): number },
): Budget {
  const hours = new Map(spent);
  const currentHour = () => Math.floor(now() / HOUR_MS);
  const forget = () => {
    for (const hour of hours.keys()) if (hour <= currentHour() - HOURS) hours.delete(hour);
  };
  const least = (left: bigint, right: bigint) => (left < right ? left : right);

  const budget: Budget = {
    get left() {
      forget();
      let day = 0n;
      let lastHour = 0n;
      for (const [hour, units] of hours) {
        day += units;
        // A clock that was set back does not free what it spent in its future.
        if (hour >= currentHour()) lastHour += units;
      }
      const left = least(unitsPerHour - lastHour, unitsPerDay - day);
      return left > 0n ? left : 0n;
    },
    get retryAfterMs() {
      return HOUR_MS - (now() % HOUR_MS);
    },
    take(units) {
      if (units > budget.left) throw new RangeError('more than is left of the budget');
      const hour = currentHour();
      hours.set(hour, (hours.get(hour) ?? 0n) + units);
      return hour;
    },
    giveBack(hour, units) {
      const taken = hours.get(hour);
      if (taken !== undefined) hours.set(hour, taken > units ? taken - units : 0n);
    },
    spent() {
      forget();
      return new Map(hours);
    },
  };
  return budget;
}
