/**
 * Edit distance: how many letters must be put in, taken out or changed to make one word the other.
 *
 * @source Wagner and Fischer, The String-to-String Correction Problem, J. ACM 21 (1974)
 */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/**
 * The known word a mistyped one most likely meant. A word that begins with, or contains, what was typed wins over
 * one that is merely as short.
 *
 * @param typed what the person wrote
 * @param known words to choose from
 * @returns the nearest word, or undefined where none is near enough to be a guess
 */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const containing =
    known.find((word) => word.startsWith(typed)) ?? known.find((word) => word.includes(typed));
  if (containing !== undefined && typed.length > 1) return containing;
  const ranked = known
    .map((word) => ({ word, far: distance(typed, word) }))
    .filter(({ word, far }) => far <= Math.max(2, Math.floor(word.length / 3)))
    .sort((a, b) => a.far - b.far);
  return ranked[0]?.word;
}
