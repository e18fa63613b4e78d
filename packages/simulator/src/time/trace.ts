/** A running hash over everything that happens, and, when asked for, the text of it. */
export interface Trace {
  add(nowMs: number, what: string): void;
  /** 16 hexadecimal digits; equal for equal histories. */
  hash(): string;
  /** The last lines, oldest first; empty unless the trace was made to keep some. */
  lines(): readonly string[];
}

export function createTrace({ keptLines = 0 }: { readonly keptLines?: number } = {}): Trace {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  let startMs: number | undefined;
  const lines: string[] = [];

  function mix(unit: number): void {
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
    high ^= low >>> 15;
  }

  return {
    add(nowMs, what) {
      startMs ??= nowMs;
      mix(nowMs - startMs);
      for (let index = 0; index < what.length; index++) mix(what.charCodeAt(index));
      if (keptLines === 0) return;
      lines.push(`${String(nowMs - startMs).padStart(8)} ms  ${what}`);
      if (lines.length > keptLines) lines.shift();
    },
    hash: () => [high, low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(''),
    lines: () => lines,
  };
}
