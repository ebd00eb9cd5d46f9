// SVG is text. Everything a figure draws goes through `element`, which escapes what came from outside and refuses a
// coordinate that is not a number, so no figure can be broken by its data.

/** Attribute values; undefined leaves the attribute out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Escapes text for content and attributes of XML and HTML; characters that XML forbids become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ufffd\u{10000}-\u{10ffff}]|\p{Surrogate}/gu, "\ufffd")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}

/**
 * Writes one element.
 *
 * @param name element name
 * @param attributes numbers are rounded to a tenth of a pixel
 * @param children markup, already escaped
 * @throws RangeError where a number is not finite
 */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  let tag = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined)
      tag += ` ${key}="${typeof value === "number" ? tenth(value) : escapeXml(value)}"`;
  }
  const content = children.join("");
  return content === "" ? `${tag}/>` : `${tag}>${content}</${name}>`;
}

/** A line of text; x is where it starts unless `text-anchor` says otherwise, y is its baseline. */
export function label(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escapeXml(content));
}

/** An upright rectangle. */
export function box(x: number, y: number, width: number, height: number, attributes: Attributes): string {
  return element("rect", { x, y, width, height, ...attributes });
}

/** A straight line. */
export function stroke(x1: number, y1: number, x2: number, y2: number, attributes: Attributes): string {
  return element("line", { x1, y1, x2, y2, ...attributes });
}

/** Children that share attributes. */
export function group(attributes: Attributes, ...children: string[]): string {
  return element("g", attributes, ...children);
}

/** A path through points, `M x,y L x,y ...`. */
export function pathThrough(points: readonly (readonly [number, number])[], close = false): string {
  const steps = points.map(([x, y]) => `${tenth(x)},${tenth(y)}`).join("L");
  return `M${steps}${close ? "Z" : ""}`;
}

/** Writes a coordinate with at most one decimal. */
export function tenth(value: number): string {
  if (!Number.isFinite(value)) {
    throw new RangeError(
      `Cannot draw at coordinate ${value}: not a finite number; no figure was made -> look for NaN or Infinity in the data`,
    );
  }
  const rounded = Math.round(value * 10) / 10;
  return String(rounded === 0 ? 0 : rounded);
}
