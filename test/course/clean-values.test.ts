// What of a foreign address or style may stay on the page.
import { describe, expect, test } from "vitest";
import { isHarmlessStyle, urlFor } from "../../lab/src/course/browser/clean-values.js";

describe("an address", () => {
  test.each([
    ["a", "https://lwn.net/Articles/629155/"],
    ["a", "http://example.org"],
  ])("of <%s> that leads outside stays: %s", (tag, url) => {
    expect(urlFor(tag, url, null)).toBe(url);
  });

  test("that names a notebook leads to its page", () => {
    expect(urlFor("a", "33-af-xdp.ipynb", null)).toBe("/n/33-af-xdp");
  });

  test("of an image of the course leads to our own server", () => {
    expect(urlFor("img", "images/33-af-xdp.png", null)).toBe("/assets/images/33-af-xdp.png");
  });

  test.each([
    ["a", "javascript:alert(1)"],
    ["a", "java\nscript:alert(1)"],
    ["a", " \u0001javascript:alert(1)"],
    ["a", "data:text/html,<script>alert(1)</script>"],
    ["a", "//evil.example/"],
    ["a", "/api/run/20-one-skb-per-packet"],
    ["a", "../../../etc/passwd"],
    ["img", "https://evil.example/pixel.png"],
    ["img", "data:image/svg+xml;base64,PHN2Zz4="],
    ["img", "images/../../secret.png"],
    ["script", "https://evil.example/x.js"],
  ])("of <%s> such as %j goes", (tag, url) => {
    expect(urlFor(tag, url, null)).toBeNull();
  });

  test("inside a picture may only lead to another part of it", () => {
    expect(urlFor("use", "#arrow", "p1-")).toBe("#p1-arrow");
    expect(urlFor("use", "https://evil.example/#x", "p1-")).toBeNull();
    expect(urlFor("a", "javascript:alert(1)", "p1-")).toBeNull();
  });
});

describe("a style", () => {
  test.each([
    ["text-align", "right"],
    ["padding-left", "12px"],
    ["white-space-collapse", "preserve"],
    ["opacity", "0.8"],
  ])("that sets %s to %s stays", (property, value) => {
    expect(isHarmlessStyle(property, value)).toBe(true);
  });

  test.each([
    ["position", "fixed"],
    ["background-image", "url(https://evil.example/)"],
    ["background-color", "var(--x)"],
    ["margin-top", "-2000px"],
    ["z-index", "9"],
    ["color", "url(x)"],
  ])("that sets %s to %s goes", (property, value) => {
    expect(isHarmlessStyle(property, value)).toBe(false);
  });
});
