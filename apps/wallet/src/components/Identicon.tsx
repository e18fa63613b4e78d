import { memo, useId } from 'react';
import { dialOf, type GlyphCell, glyphOf } from '../state/identicon.ts';

/** Shapes on a 12-unit cell; every one is drawn once and turned. */
const shapePaths: Record<GlyphCell['shape'], string> = {
  quarter: 'M0 0H12A12 12 0 0 1 0 12Z',
  disc: 'M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9Z',
  half: 'M0 0A6 6 0 0 0 12 0Z',
  leaf: 'M0 0H6A6 6 0 0 1 12 6V12H6A6 6 0 0 1 0 6Z',
};

/** The picture of an account. It helps to recognise, never to verify: the address does that. */
export const Identicon = memo(function Identicon({
  address,
  size = 40,
}: {
  readonly address: string;
  readonly size?: number;
}) {
  const clip = useId();
  const { background, cells } = glyphOf(address);
  return (
    <svg width={`${size / 16}rem`} height={`${size / 16}rem`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <clipPath id={clip}>
        <circle cx="12" cy="12" r="12" />
      </clipPath>
      <g clipPath={`url(#${clip})`}>
        <rect width="24" height="24" fill={background} />
        {cells.map(({ shape, turn, color }, index) => (
          <path
            key={index}
            d={shapePaths[shape]}
            fill={color}
            transform={`translate(${(index % 2) * 12} ${index > 1 ? 12 : 0}) rotate(${turn * 90} 6 6)`}
          />
        ))}
      </g>
    </svg>
  );
});

const TICKS = 28;

/** The picture of a validator: a dial whose ticks are the bytes of its voting key. */
export const KeyDial = memo(function KeyDial({
  votingKey,
  size = 40,
}: {
  readonly votingKey: string;
  readonly size?: number;
}) {
  const path = dialOf(votingKey, TICKS)
    .map((length, index) => {
      const angle = (index / TICKS) * 2 * Math.PI - Math.PI / 2;
      const inner = 17 - 9.5 * length;
      const at = (radius: number) =>
        `${(20 + radius * Math.cos(angle)).toFixed(2)} ${(20 + radius * Math.sin(angle)).toFixed(2)}`;
      return `M${at(18)}L${at(inner)}`;
    })
    .join('');
  return (
    <svg
      width={`${size / 16}rem`}
      height={`${size / 16}rem`}
      viewBox="0 0 40 40"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} />
    </svg>
  );
});
