import { fromHex } from '@fastpay/protocol';

/** What a picture of an address is made of: four cells of simple shapes in two hues. Pure and stable. */
export interface Glyph {
  readonly background: string;
  readonly cells: readonly GlyphCell[];
}

export interface GlyphCell {
  readonly shape: 'quarter' | 'disc' | 'half' | 'leaf';
  /** Quarter turns. */
  readonly turn: number;
  readonly color: string;
}

const shapes = ['quarter', 'disc', 'half', 'leaf'] as const;

/** Reads the last twelve bytes, which differ even between addresses that share a vanity prefix. */
export function glyphOf(hex: string): Glyph {
  const bytes = fromHex(hex).slice(-12);
  const byte = (index: number) => bytes[index] ?? 0;
  const hue = Math.round((byte(0) / 256) * 24) * 15;
  // 105 to 255 degrees away: the second colour always stands out from the first.
  const second = hue + 105 + Math.round((byte(1) / 256) * 10) * 15;
  const colors = [`oklch(0.8 0.13 ${hue})`, `oklch(0.68 0.16 ${second % 360})`, `oklch(0.95 0.03 ${hue})`];
  return {
    background: `oklch(0.36 0.075 ${hue})`,
    cells: [0, 1, 2, 3].map((cell) => ({
      shape: shapes[byte(2 + cell) % shapes.length] ?? 'quarter',
      turn: (byte(2 + cell) >> 4) % 4,
      color: colors[byte(6 + cell) % colors.length] ?? 'white',
    })),
  };
}

/** Lengths (0 to 1) of the ticks of a key's dial. */
export function dialOf(hex: string, ticks: number): readonly number[] {
  const bytes = fromHex(hex);
  return Array.from({ length: ticks }, (_, index) => (bytes[index % bytes.length] ?? 0) / 255);
}
