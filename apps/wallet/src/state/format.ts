import { type Address, formatAmount } from '@fastpay/protocol';

/** How numbers, addresses and times are written on every screen. Pure; money is never rounded. */

export interface AmountParts {
  readonly sign: '' | '−';
  /** Grouped by thousands. */
  readonly whole: string;
  /** At least two digits, up to six. */
  readonly fraction: string;
}

/** `1234567890n` base units → `1,234` and `56789`. */
export function splitAmount(value: bigint): AmountParts {
  const [whole = '0', fraction = '00'] = formatAmount(value < 0n ? -value : value).split('.');
  return { sign: value < 0n ? '−' : '', whole: whole.replace(/\B(?=(\d{3})+$)/g, ','), fraction };
}

export function amountText(value: bigint): string {
  const { sign, whole, fraction } = splitAmount(value);
  return `${sign}${whole}.${fraction}`;
}

/** `0x1234…abcd`: for lists only; whoever decides about money sees the whole address. */
export function shortHex(hex: string, digits = 4): string {
  return hex.length <= 2 + 2 * digits + 1 ? hex : `${hex.slice(0, 2 + digits)}…${hex.slice(-digits)}`;
}

/** Groups of four for reading aloud: `0x`, then ten groups. */
export function addressGroups(text: string): readonly string[] {
  return text.slice(2).match(/.{1,4}/g) ?? [];
}

/** A pair that a hurried eye takes for one: the ends agree, the middle does not. */
export function looksAlike(left: Address, right: Address): boolean {
  if (left === right) return false;
  return left.slice(2, 6) === right.slice(2, 6) && left.slice(-4) === right.slice(-4);
}

/** The remembered address that `candidate` could be mistaken for. */
export function findLookAlike(candidate: Address, known: Iterable<Address>): Address | undefined {
  for (const address of known) if (looksAlike(candidate, address)) return address;
  return undefined;
}

export interface Duration {
  readonly value: string;
  readonly unit: 'ms' | 's' | 'min';
}

/** Milliseconds as a person reads them: `7.4 ms`, `18 ms`, `1.2 s`, `3 min`. */
export function splitDuration(ms: number): Duration {
  if (ms < 9.95) return { value: ms.toFixed(1), unit: 'ms' };
  if (ms < 999.5) return { value: Math.round(ms).toString(), unit: 'ms' };
  if (ms < 59_950) return { value: (ms / 1000).toFixed(1), unit: 's' };
  return { value: Math.round(ms / 60_000).toString(), unit: 'min' };
}

export function durationText(ms: number): string {
  const { value, unit } = splitDuration(ms);
  return `${value} ${unit}`;
}

/** A wait that is still to come, in its two largest units: `6 days 23 h`, `4 min 10 s`, `8 s`. */
export function waitText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const units = [
    { name: (count: number) => ` ${count === 1 ? 'day' : 'days'}`, seconds: 86_400 },
    { name: () => ' h', seconds: 3_600 },
    { name: () => ' min', seconds: 60 },
    { name: () => ' s', seconds: 1 },
  ] as const;
  const largest = units.findIndex((unit) => seconds >= unit.seconds);
  if (largest === -1) return '0 s';
  let rest = seconds;
  const parts: string[] = [];
  for (const unit of units.slice(largest, largest + 2)) {
    const count = Math.floor(rest / unit.seconds);
    rest -= count * unit.seconds;
    if (count > 0) parts.push(`${count}${unit.name(count)}`);
  }
  return parts.join(' ');
}

/** `just now`, `12 s ago`, `4 min ago`, then the clock time or the date. */
export function agoText(ms: number, nowMs: number): string {
  const seconds = Math.round((nowMs - ms) / 1000);
  if (seconds < 3) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (startOfDay(ms) === startOfDay(nowMs)) return timeText(ms);
  return dateText(ms);
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const exactClock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const date = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
const dateWithYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

export function timeText(ms: number): string {
  return clock.format(ms);
}

export function exactTimeText(ms: number): string {
  return `${dateText(ms)}, ${exactClock.format(ms)}`;
}

export function dateText(ms: number): string {
  return dateWithYear.format(ms);
}

/** The heading of a day in a list. */
export function dayText(ms: number, nowMs: number): string {
  const day = startOfDay(ms);
  if (day === startOfDay(nowMs)) return 'Today';
  // Noon of the day before is yesterday whatever the clock change did.
  if (day === startOfDay(startOfDay(nowMs) - 12 * 3_600_000)) return 'Yesterday';
  return new Date(ms).getFullYear() === new Date(nowMs).getFullYear() ? date.format(ms) : dateWithYear.format(ms);
}

export function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

export function heightText(height: bigint): string {
  return height.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Error messages are written in lower case without a full stop; people read sentences. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? capitalized(text) : `${capitalized(text)}.`;
}
