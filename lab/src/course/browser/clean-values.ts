// Which addresses and styles of foreign HTML may stay. Nothing here knows a document, so it is tested without one.

/** What text may look like; what places or covers things on the page is not among it. */
const STYLE =
  /^(?:color|background-color|opacity|font-(?:weight|style|family|size)|text-(?:align|decoration.*|transform)|white-space(?:-collapse)?|text-wrap(?:-mode)?|vertical-align|caption-side|(?:padding|border)(?:-.*)?|margin(?:-.*)?|width|max-width|min-width|fill(?:-opacity)?|stroke(?:-.*)?)$/;

/** @param value as a browser's parser gives it */
export function isHarmlessStyle(property: string, value: string): boolean {
  if (!STYLE.test(property)) return false;
  // A negative margin can lay a thing over the page.
  if (property.startsWith("margin") && value.includes("-")) return false;
  return !/url|image|expression|attr|var|env/i.test(value);
}

/**
 * The address that an element may have.
 *
 * @param tag its name
 * @param value as written
 * @param prefix of ids, for SVG; null for HTML
 * @returns null where it may have none
 */
export function urlFor(tag: string, value: string, prefix: string | null): string | null {
  const url = withoutControls(value);
  if (prefix !== null) return /^#[\w.-]+$/.test(url) ? `#${prefix}${url.slice(1)}` : null;
  if (tag === "img") return imageUrl(url);
  if (tag === "a") return linkUrl(url);
  return null;
}

/** Browsers ignore control characters and spaces in a scheme, so they go before it is judged. */
function withoutControls(text: string): string {
  return [...text].filter((character) => character > " " && character !== "\u007f").join("");
}

function imageUrl(url: string): string | null {
  if (/^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/.test(url)) return url;
  const local = /^(?:\.\/)?images\/([a-z0-9][a-z0-9-]*\.(?:png|svg))$/.exec(url);
  return local === null ? null : `/assets/images/${local[1]}`;
}

function linkUrl(url: string): string | null {
  if (/^https?:\/\//i.test(url)) return url;
  const notebook = /^(?:\.\/)?(\d\d-[a-z0-9-]+)\.ipynb(?:#.*)?$/.exec(url);
  return notebook === null ? null : `/n/${notebook[1]}`;
}
