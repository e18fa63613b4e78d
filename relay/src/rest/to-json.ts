import { toHex } from '@fastpay/protocol';

/** A value of the protocol as the REST face writes it. */
export type Json<Value> = Value extends string | number | boolean | null | undefined
  ? Value
  : Value extends bigint | Uint8Array
    ? string
    : Value extends readonly (infer Item)[]
      ? Json<Item>[]
      : { -readonly [Key in keyof Value]: Json<Value[Key]> };

/** 64-bit numbers as decimal strings, bytes as hexadecimal with 0x, nothing for what is undefined; the rest as it is. */
export function toJson<const Value>(value: Value): Json<Value> {
  return convert(value) as Json<Value>;
}

function convert(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}`;
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, convert(field)]));
}
