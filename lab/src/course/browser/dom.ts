// Making elements. Text is set as text, never as HTML, so nothing that a kernel or a file says becomes markup here.

type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/** Makes an element with attributes and children; an attribute that is false or undefined is left out. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Makes a button that does something. */
export function button(label: string, onClick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const element = make("button", { type: "button", ...attributes }, label);
  element.addEventListener("click", onClick);
  return element;
}

/** Says something to a screen reader, and to nobody else. */
export function announce(text: string): void {
  let region = document.querySelector("#announcements");
  if (region === null) {
    region = make("div", { id: "announcements", role: "status", class: "unseen" });
    document.body.append(region);
  }
  region.textContent = text;
}
