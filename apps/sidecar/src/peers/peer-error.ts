/** A peer answers what no honest validator would: it is left alone for a while, and the others are asked instead. */
export class PeerError extends Error {
  override readonly name = 'PeerError';
}
