// Names are typed by strangers and shown to everybody. A name here is one short line of visible text; what could turn the
// direction of the text around it, or pile up over its neighbours, is taken out, and no two learners have the same.

const LONGEST = 40;
/** Marks on one letter: more than this reach into the lines above and below. */
const MOST_MARKS = 2;

/** @returns the name as it is shown, or null where nothing visible is left */
export function cleanName(typed: string): string | null {
  const line = typed
    .slice(0, 500)
    .normalize("NFC")
    // Controls, formatting characters (direction overrides, zero-width ones), private and unassigned code points.
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, " ")
    .replace(new RegExp(`(\\p{M}{${MOST_MARKS}})\\p{M}+`, "gu"), "$1")
    .replace(/\s+/gu, " ")
    .trim();
  const name = [...line].slice(0, LONGEST).join("").trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(name) ? name : null;
}

/** A name that nobody has yet: a second Ada is `Ada 2`. */
export function distinctName(name: string, taken: readonly string[]): string {
  const known = new Set(taken.map(fold));
  if (!known.has(fold(name))) return name;
  for (let n = 2; ; n++) {
    const other = `${name} ${n}`;
    if (!known.has(fold(other))) return other;
  }
}

/** Names that look the same are the same: case and compatibility forms do not count. */
function fold(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}
