// A strict reader of the XML that figures write: every tag closed in order, every attribute quoted and unique, no bare
// ampersand, no character that XML forbids. It throws at the first mistake.

/** One element as it was met. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Names of the elements around it, outermost first. */
  readonly inside: readonly string[];
  /** Text between its tags, unescaped; only of elements without children. */
  text: string;
}

const TAG = /<(\/?)([a-z][a-zA-Z]*)((?: [a-zA-Z0-9:-]+="[^"<]*")*)(\/?)>/y;

export function readXml(source: string): XmlElement[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u.test(source)) {
    throw new Error("character that XML forbids");
  }
  if (/&(?!(amp|lt|gt|quot);)/.test(source)) throw new Error("bare ampersand");
  const elements: XmlElement[] = [];
  const open: XmlElement[] = [];
  let position = 0;
  while (position < source.length) {
    if (source[position] !== "<") {
      const end = source.indexOf("<", position);
      if (open.length === 0 || end < 0) throw new Error(`text outside the document at ${position}`);
      open[open.length - 1].text += decode(source.slice(position, end));
      position = end;
      continue;
    }
    TAG.lastIndex = position;
    const match = TAG.exec(source);
    if (!match) throw new Error(`bad tag at ${position}: ${source.slice(position, position + 60)}`);
    position = TAG.lastIndex;
    const [, closing, name, attributes, selfClosing] = match;
    if (closing) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes another element`);
    } else {
      if (open.length === 0 && elements.length > 0) throw new Error("two root elements");
      const element = {
        name,
        attributes: readAttributes(attributes),
        inside: open.map((e) => e.name),
        text: "",
      };
      elements.push(element);
      if (!selfClosing) open.push(element);
    }
  }
  if (open.length > 0) throw new Error(`<${open[open.length - 1].name}> is not closed`);
  return elements;
}

function readAttributes(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, key, value] of source.matchAll(/ ([a-zA-Z0-9:-]+)="([^"]*)"/g)) {
    if (attributes.has(key)) throw new Error(`attribute ${key} twice`);
    attributes.set(key, decode(value));
  }
  return attributes;
}

function decode(text: string): string {
  return text
    .replace(/&quot;/g, '"')
    .replace(/&gt;/g, ">")
    .replace(/&lt;/g, "<")
    .replace(/&amp;/g, "&");
}
