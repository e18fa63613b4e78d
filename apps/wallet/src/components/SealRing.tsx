import type { CSSProperties, ReactNode } from 'react';
import type { Seal } from '../state/livePayment.ts';
import styles from './SealRing.module.css';

interface SealRingProps {
  readonly size: number;
  readonly seals: ReadonlyMap<number, Seal>;
  readonly failures: ReadonlyMap<number, string>;
  readonly state: 'waiting' | 'working' | 'paid' | 'stalled';
  /** Marks appear this long after each other, so that eyes can follow; times shown elsewhere are the measured ones. */
  readonly staggered?: boolean;
  readonly children: ReactNode;
}

const CENTER = 160;
const OUTER = 148;
const INNER = 128;

function arc(index: number, count: number, radius: number, gapDegrees: number): string {
  const step = 360 / count;
  const from = index * step + gapDegrees / 2;
  const to = (index + 1) * step - gapDegrees / 2;
  const at = (degrees: number) => {
    const angle = ((degrees - 90) * Math.PI) / 180;
    return `${(CENTER + radius * Math.cos(angle)).toFixed(2)} ${(CENTER + radius * Math.sin(angle)).toFixed(2)}`;
  };
  return `M${at(from)}A${radius} ${radius} 0 ${to - from > 180 ? 1 : 0} 1 ${at(to)}`;
}

/** The order in which signatures were verified: votes and commits of all validators on one line of time. */
function verificationOrder(seals: ReadonlyMap<number, Seal>): ReadonlyMap<string, number> {
  const events = [...seals].flatMap(([signer, { voteMs, commitMs }]) => [
    ...(voteMs === undefined ? [] : [{ key: `vote${signer}`, at: voteMs, rank: 0 }]),
    ...(commitMs === undefined ? [] : [{ key: `commit${signer}`, at: commitMs, rank: 1 }]),
  ]);
  events.sort((left, right) => left.at - right.at || left.rank - right.rank);
  return new Map(events.map(({ key }, place) => [key, place]));
}

/**
 * The seal of a payment: one segment per validator. The thin inner arc is its vote, the heavy outer arc its commit;
 * each is lit only once this browser has verified the signature.
 */
export function SealRing({ size, seals, failures, state, staggered = true, children }: SealRingProps) {
  const order = verificationOrder(seals);
  const gap = size === 1 ? 0.01 : Math.max(1.5, Math.min(7, 60 / size));
  const mark = (signer: number, kind: 'vote' | 'commit') => {
    const place = order.get(`${kind}${signer}`);
    return {
      'data-lit': place === undefined ? undefined : true,
      'data-failed': failures.has(signer) || undefined,
      style: { '--place': staggered ? (place ?? 0) : 0 } as CSSProperties,
    };
  };
  return (
    <div className={styles.ring} data-state={state}>
      <svg viewBox="0 0 320 320" fill="none" aria-hidden="true" focusable="false">
        {Array.from({ length: size }, (_, signer) => (
          <g key={signer}>
            <path className={styles.commit} d={arc(signer, size, OUTER, gap)} {...mark(signer, 'commit')} />
            <path className={styles.vote} d={arc(signer, size, INNER, gap * 1.15)} {...mark(signer, 'vote')} />
          </g>
        ))}
      </svg>
      <div className={styles.center}>{children}</div>
    </div>
  );
}
