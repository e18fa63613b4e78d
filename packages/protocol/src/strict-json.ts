import { type Address, type Hash, toAddress, toHash } from './brand.ts';
import { RejectError } from './reject.ts';

/** Reads JSON that must have exactly the expected shape; every refusal names the field, like `committee.epoch`. */
export class StrictJson {
  readonly #value: unknown;
  readonly #field: string;

  constructor(value: unknown, field: string) {
    this.#value = value;
    this.#field = field;
  }

  /** An object with these keys and no others. @throws RejectError INVALID_FORMAT. */
  object<Key extends string>(...keys: readonly Key[]): Record<Key, StrictJson> {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.#refusal('expected an object');
    const unknown = Object.keys(value).find((key) => !(keys as readonly string[]).includes(key));
    if (unknown !== undefined) throw this.#refusal(`there is no field "${unknown.slice(0, 64)}"`);
    const entries = new Map(Object.entries(value));
    return Object.fromEntries(
      keys.map((key) => {
        if (!entries.has(key)) throw this.#refusal(`the field "${key}" is missing`);
        return [key, new StrictJson(entries.get(key), this.#field === '' ? key : `${this.#field}.${key}`)];
      }),
    ) as Record<Key, StrictJson>;
  }

  /** @throws RejectError INVALID_FORMAT. */
  array(least: number, most: number): readonly StrictJson[] {
    const value = this.#value;
    if (!Array.isArray(value) || value.length < least || value.length > most) {
      throw this.#refusal(`expected a list of ${least} to ${most}`);
    }
    return value.map((item, index) => new StrictJson(item, `${this.#field}[${index}]`));
  }

  /** Text of 1 to `most` UTF-8 characters without control characters. @throws RejectError INVALID_FORMAT. */
  text(most: number): string {
    const value = this.#value;
    if (typeof value !== 'string' || value.length === 0 || value.length > most || /\p{Cc}|\p{Cs}/u.test(value)) {
      throw this.#refusal(`expected a text of 1 to ${most} characters`);
    }
    return value;
  }

  /** @throws RejectError INVALID_FORMAT. */
  oneOf<Choice extends string>(...choices: readonly Choice[]): Choice {
    const choice = choices.find((candidate) => candidate === this.#value);
    if (choice === undefined) throw this.#refusal(`expected one of ${choices.join(', ')}`);
    return choice;
  }

  /** A decimal string without leading zeros, at most `most`. @throws RejectError INVALID_FORMAT. */
  unsigned(most: bigint): bigint {
    const value = this.#value;
    if (typeof value !== 'string' || !/^(?:0|[1-9]\d{0,77})$/.test(value) || BigInt(value) > most) {
      throw this.#refusal(`expected a whole number from 0 to ${most}, as a decimal string`);
    }
    return BigInt(value);
  }

  /** @throws RejectError INVALID_FORMAT. */
  address(): Address {
    return this.#hex(20, toAddress);
  }

  /** @throws RejectError INVALID_FORMAT. */
  hash(): Hash {
    return this.#hex(32, toHash);
  }

  #hex<Value>(bytes: number, convert: (text: string) => Value): Value {
    const value = this.#value;
    if (typeof value !== 'string' || !/^0x[0-9a-fA-F]*$/.test(value) || value.length !== 2 + 2 * bytes) {
      throw this.#refusal(`expected 0x and ${2 * bytes} hexadecimal digits`);
    }
    return convert(value);
  }

  #refusal(problem: string): RejectError {
    return new RejectError('INVALID_FORMAT', this.#field === '' ? problem : `${this.#field}: ${problem}`);
  }
}
