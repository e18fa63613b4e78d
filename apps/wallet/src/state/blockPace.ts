/** A block height and when this device first saw it. */
export interface BlockSighting {
  readonly height: bigint;
  readonly atMs: number;
}

const KEPT = 24;

/** The newest sightings; a height that went back (another chain, or a reorganisation) starts anew. */
export function keepRecent(sightings: readonly BlockSighting[], next: BlockSighting): readonly BlockSighting[] {
  const last = sightings.at(-1);
  if (last && next.height <= last.height) return [next];
  return [...sightings, next].slice(-KEPT);
}

const FEWEST_BLOCKS = 4n;

/** Mean milliseconds between blocks over the kept sightings; undefined before there are enough to mean something. */
export function intervalOf(sightings: readonly BlockSighting[]): number | undefined {
  const first = sightings[0];
  const last = sightings.at(-1);
  if (!first || !last || last.height - first.height < FEWEST_BLOCKS) return undefined;
  return (last.atMs - first.atMs) / Number(last.height - first.height);
}
