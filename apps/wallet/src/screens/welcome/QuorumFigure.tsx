import styles from './QuorumFigure.module.css';

const CENTER = 200;
const RINGS = [180, 150, 120, 90];

function arc(index: number, radius: number): string {
  const at = (degrees: number) => {
    const angle = ((degrees - 90) * Math.PI) / 180;
    return `${(CENTER + radius * Math.cos(angle)).toFixed(2)} ${(CENTER + radius * Math.sin(angle)).toFixed(2)}`;
  };
  return `M${at(index * 90 + 4)}A${radius} ${radius} 0 0 1 ${at(index * 90 + 86)}`;
}

/** Rings of four segments, three of them drawn in ink: one quorum after the other. An ornament, so never green. */
export function QuorumFigure() {
  return (
    <svg viewBox="0 0 400 400" fill="none" className={styles.figure} aria-hidden="true" focusable="false">
      {RINGS.map((radius, ring) => (
        <g key={radius} className={styles.ring} data-ring={ring}>
          {[0, 1, 2, 3].map((index) => (
            <path key={index} d={arc(index, radius)} data-open={index === (ring * 3 + 2) % 4 || undefined} />
          ))}
        </g>
      ))}
    </svg>
  );
}
