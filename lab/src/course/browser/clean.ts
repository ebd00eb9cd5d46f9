// HTML and SVG that come from a kernel or a notebook, made harmless. The text is parsed into a document without life, where
// nothing loads and nothing runs; what is known to be harmless is built anew, element by element, and the rest is left out.
// Nothing is ever turned back into text and parsed again, so there is no second reading for a trick to hide in. The page's
// Content-Security-Policy is the second lock.

import { isHarmlessStyle, urlFor } from "./clean-values.js";

const SVG = "http://www.w3.org/2000/svg";
const HTML = "http://www.w3.org/1999/xhtml";

const HTML_TAGS = new Set(
  `a abbr b blockquote br caption code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i
  img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr tt u ul var`.split(
    /\s+/,
  ),
);
const SVG_TAGS = new Set(
  `svg g path rect circle ellipse line polyline polygon text tspan title desc defs marker linearGradient radialGradient stop
  clipPath pattern symbol use mask`.split(/\s+/),
);
/** Left out with everything in them; other unknown elements only lose their tag. */
const DROPPED = new Set(
  "script style iframe object embed template noscript math form select textarea".split(" "),
);

const HTML_ATTRIBUTES = new Set(
  "align alt colspan height href lang open rowspan scope span src start style title width".split(" "),
);
const SVG_ATTRIBUTES = new Set(
  `clip-path clip-rule clipPathUnits cx cy d dominant-baseline dx dy fill fill-opacity fill-rule font-family font-size
  font-style font-weight fx fy gradientTransform gradientUnits height href id letter-spacing marker-end marker-mid
  marker-start markerHeight markerUnits markerWidth mask offset opacity orient paint-order patternTransform patternUnits
  points preserveAspectRatio r refX refY role rotate rx ry stop-color stop-opacity stroke stroke-dasharray
  stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width style text-anchor
  textLength transform vector-effect viewBox width x x1 x2 y y1 y2 aria-label aria-hidden aria-labelledby`.split(
    /\s+/,
  ),
);

/** Numbers the pieces, so that the ids in two pictures never meet each other or the page's own. */
let pieces = 0;

/** @returns the harmless part of it, ready to be put into the page */
export function cleanHtml(text: string): DocumentFragment {
  const parsed = new DOMParser().parseFromString(hideStyle(text), "text/html");
  return rebuild(parsed.body.childNodes, `p${++pieces}-`);
}

/** @returns the picture, or null where the text is no SVG */
export function cleanSvg(text: string): Element | null {
  const parsed = new DOMParser().parseFromString(hideStyle(text), "image/svg+xml");
  if (parsed.documentElement.namespaceURI !== SVG || parsed.documentElement.localName !== "svg") return null;
  return rebuild([parsed.documentElement], `p${++pieces}-`).firstElementChild;
}

/**
 * A parser applies the page's policy to every `style` it meets, in a document without life too, and complains of each. So it
 * meets them under another name. That is for quiet alone: what may stay is decided attribute by attribute below.
 */
const HIDDEN_STYLE = "data-ringside-style";
const hideStyle = (text: string): string => text.replace(/(?<=\s)style(?=\s*=)/gi, HIDDEN_STYLE);
const showStyle = (text: string): string => text.replaceAll(HIDDEN_STYLE, "style");

function rebuild(nodes: Iterable<Node>, prefix: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const node of nodes) {
    if (node.nodeType === Node.TEXT_NODE) fragment.append(showStyle(node.textContent ?? ""));
    else if (node instanceof Element) fragment.append(rebuildElement(node, prefix));
  }
  return fragment;
}

function rebuildElement(from: Element, prefix: string): Node {
  const { namespaceURI, localName } = from;
  const isSvg = namespaceURI === SVG;
  if (DROPPED.has(localName.toLowerCase())) return document.createDocumentFragment();
  const known = isSvg ? SVG_TAGS.has(localName) : namespaceURI === HTML && HTML_TAGS.has(localName);
  const children = rebuild(from.childNodes, prefix);
  if (!known) return children;
  const element = document.createElementNS(isSvg ? SVG : HTML, localName);
  for (const attribute of from.attributes) {
    const name = showStyle(attribute.name);
    const value = showStyle(attribute.value);
    const allowed = isSvg ? SVG_ATTRIBUTES.has(name) || name === "xlink:href" : HTML_ATTRIBUTES.has(name);
    if (allowed) copyAttribute(element, name, value, prefix, isSvg);
  }
  if (localName === "a" && element.getAttribute("href")?.startsWith("http")) {
    element.setAttribute("target", "_blank");
    element.setAttribute("rel", "noopener noreferrer");
  }
  element.append(children);
  return element;
}

function copyAttribute(element: Element, name: string, value: string, prefix: string, isSvg: boolean): void {
  if (name === "style") copyStyle(element as HTMLElement, value);
  else if (name === "id" || name === "aria-labelledby") element.setAttribute(name, prefix + value);
  else if (name === "href" || name === "xlink:href" || name === "src") {
    const url = urlFor(element.localName, value, isSvg ? prefix : null);
    if (url !== null) element.setAttribute(name === "src" ? "src" : "href", url);
  } else if (/url\s*\(/i.test(value)) {
    const local = /^\s*url\(["']?#([\w.-]+)["']?\)\s*$/i.exec(value);
    if (local !== null) element.setAttribute(name, `url(#${prefix}${local[1]})`);
  } else element.setAttribute(name, value);
}

/** Style is read in a sheet that is never applied, and taken over property by property. */
function copyStyle(element: HTMLElement, text: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`x { ${text} }`);
  const rule = sheet.cssRules[0];
  if (!(rule instanceof CSSStyleRule)) return;
  for (const property of rule.style) {
    const value = rule.style.getPropertyValue(property);
    if (isHarmlessStyle(property, value)) element.style.setProperty(property, value);
  }
}
