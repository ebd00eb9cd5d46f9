// One output of a cell as an element: the richest form that the kernel offers and the page can show.

import type { OutputView } from "../protocol.js";
import { checkCard } from "./check-card.js";
import { cleanHtml, cleanSvg } from "./clean.js";
import { make } from "./dom.js";

/** @returns the output, drawn; what comes from the kernel is cleaned on the way */
export function drawOutput(output: OutputView): Element {
  switch (output.kind) {
    case "text":
      return make("pre", { class: `output-text ${output.stream}` }, plain(output.text));
    case "error":
      return make("pre", { class: "output-error" }, plain(output.text || output.name));
    default:
      return drawBundle(output.data);
  }
}

function drawBundle(data: Readonly<Record<string, string>>): Element {
  const check = data["application/vnd.ringside.check+json"];
  const card = check === undefined ? null : checkCard(check);
  if (card !== null) return card;
  const svg = data["image/svg+xml"];
  const picture = svg === undefined ? null : cleanSvg(svg);
  if (picture !== null) return figure(picture, data["text/plain"] ?? "");
  for (const type of ["image/png", "image/jpeg"]) {
    const base64 = data[type];
    if (base64 === undefined) continue;
    const src = `data:${type};base64,${base64.replace(/\s/g, "")}`;
    return figure(make("img", { src, alt: data["text/plain"] ?? "Picture" }), "");
  }
  const html = data["text/html"];
  if (html !== undefined) {
    const box = make("div", {
      class: "output-html",
      tabindex: "0",
      role: "region",
      "aria-label": "Table or text",
    });
    box.append(cleanHtml(html));
    return box;
  }
  const text = data["text/plain"] ?? data["text/markdown"] ?? Object.values(data)[0] ?? "";
  return make("pre", { class: "output-text" }, plain(text));
}

/** A picture, with what it says in words for who cannot see it. */
function figure(picture: Element, words: string): Element {
  const box = make("figure", { class: "output-figure" }, picture);
  if (words !== "") {
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", firstLine(words));
    const details = make("details", {}, make("summary", {}, "In words"), make("pre", {}, words));
    box.append(details);
  }
  return box;
}

function firstLine(text: string): string {
  return text.split("\n")[0]!.slice(0, 200);
}

/** Terminals colour by escape sequences; a page has no use for them. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
  return text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "");
}
