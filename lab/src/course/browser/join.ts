// The way into a workshop: a code, a name, and a look at what this browser can do, which the instructor sees.

import { order } from "./ask.js";
import { make } from "./dom.js";

const code = make("input", {
  id: "code",
  name: "code",
  autocomplete: "off",
  autocapitalize: "characters",
  spellcheck: "false",
  maxlength: "12",
  required: true,
  placeholder: "K7M-4QP",
});
const name = make("input", {
  id: "name",
  name: "name",
  autocomplete: "nickname",
  maxlength: "40",
  required: true,
});
const problem = make("p", { class: "problem", role: "alert", hidden: true });
const join = make("button", { type: "submit", class: "primary" }, "Join");
const form = make(
  "form",
  { class: "join" },
  make("label", { for: "code" }, "Code of the room, from the wall"),
  code,
  make("label", { for: "name" }, "Your name, as the room is to see it"),
  name,
  join,
  problem,
);

document.title = "Join · Ringside";
document.body.append(
  make("header", { class: "top" }, make("span", { class: "brand" }, "Ringside")),
  make(
    "main",
    { id: "main" },
    make("h1", {}, "Join the workshop"),
    make(
      "p",
      { class: "lead" },
      "You get notebooks of your own; nobody else in the room sees what you write in them.",
    ),
    form,
  ),
);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void enter();
});
code.focus();

async function enter(): Promise<void> {
  join.disabled = true;
  try {
    await order("/api/join", { code: code.value, name: name.value, trouble: (await troubles()).join("; ") });
    location.assign("/");
  } catch (error) {
    problem.textContent = (error as Error).message;
    problem.hidden = false;
    join.disabled = false;
  }
}

/** A page that answers more slowly than this is no pleasure to type in. */
const SLOW_MS = 150;

/** What this browser or its way to the room lacks. */
async function troubles(): Promise<string[]> {
  const found: string[] = [];
  if (!("EventSource" in window)) found.push("no EventSource: figures will not move");
  if (!("showPopover" in HTMLElement.prototype)) found.push("an old browser: words are not explained");
  try {
    localStorage.setItem("ringside-preflight", "1");
    localStorage.removeItem("ringside-preflight");
  } catch {
    found.push("no local storage: what cannot be saved at once is lost");
  }
  const times: number[] = [];
  for (let n = 0; n < 5; n++) {
    const began = performance.now();
    await fetch("/assets/page.css", { cache: "no-cache" });
    times.push(performance.now() - began);
  }
  const median = times.sort((one, other) => one - other)[2]!;
  if (median > SLOW_MS) found.push(`a slow way to the room: ${Math.round(median)} ms`);
  return found;
}
