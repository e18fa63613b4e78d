import { ByteWriter } from '@fastpay/protocol';
import { readRow } from './row.ts';

/** How many higher rounds the owner of an account opened here on the last day on which it opened any. */
export interface RoundBudget {
  /** Whole days since 1970, UTC. */
  readonly day: number;
  readonly opened: number;
}

/** day u64 ‖ opened u16. */
export function encodeRoundBudget({ day, opened }: RoundBudget): Uint8Array {
  return new ByteWriter(10).u64(day).u16(opened).finish();
}

export function decodeRoundBudget(bytes: Uint8Array): RoundBudget {
  return readRow('a round budget', bytes, (reader) => {
    const day = Number(reader.u64());
    if (!Number.isSafeInteger(day)) throw new RangeError('a day is out of range');
    return { day, opened: reader.u16() };
  });
}
