/** Words of the list that a mistyped word may have meant, nearest first. Empty when nothing is near. */
export async function suggestWords(typed: string, limit = 4): Promise<readonly string[]> {
  const { englishWords } = await import('./bip39.ts');
  const word = typed.normalize('NFKD').toLowerCase().trim().slice(0, LONGEST_INPUT);
  if (word === '') return [];
  return englishWords
    .map((candidate) => ({ candidate, distance: nearness(word, candidate) }))
    .filter(({ distance }) => distance <= FURTHEST)
    .sort((left, right) => left.distance - right.distance || startsLike(word, right) - startsLike(word, left))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** Longer than any word of the list; what follows cannot bring it nearer. */
const LONGEST_INPUT = 16;
const FURTHEST = 2;

/** Between words equally far away: people seldom mistype the first letter. */
function startsLike(typed: string, { candidate }: { readonly candidate: string }): number {
  return typed[0] === candidate[0] ? 1 : 0;
}

function nearness(typed: string, candidate: string): number {
  // The first four letters name a word uniquely (BIP-39), so a beginning of that length is as good as the word.
  if (typed.length >= 4 && candidate.startsWith(typed)) return 0;
  if (typed.length >= 2 && candidate.startsWith(typed)) return 1;
  return editDistance(typed, candidate);
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
export function editDistance(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let distance = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) distance = Math.min(distance, (beforePrevious[column - 2] ?? 0) + 1);
      current.push(distance);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[right.length] ?? 0;
}
