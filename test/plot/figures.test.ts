import { JUPYTER_DISPLAY, provenanceLine } from "ringside/plot";
import { describe, expect, test } from "vitest";
import { EXTREMES } from "./extremes.js";
import { LIVE, MODEL, RECORDED, SAMPLES } from "./samples.js";
import { readXml } from "./xml.js";

const ALLOWED = new Set(["svg", "desc", "g", "rect", "line", "path", "circle", "text", "tspan"]);

describe.each(Object.entries({ ...SAMPLES, ...EXTREMES }))("%s", (_name, draw) => {
  const figure = draw();
  const elements = readXml(figure.svg);

  test("is well-formed and uses drawing elements alone: no style, script, image, link or id", () => {
    for (const { name, attributes } of elements) {
      expect(ALLOWED).toContain(name);
      for (const key of attributes.keys()) expect(key).not.toMatch(/^(style|class|id|href|on.*)$/);
    }
  });

  test("stays below 20 kB", () => {
    expect(new TextEncoder().encode(figure.svg).length).toBeLessThan(20_000);
  });

  test("paints its own background, 760 pixels wide", () => {
    const [svg] = elements;
    expect(svg.attributes.get("width")).toBe("760");
    const background = elements.find((element) => element.name === "rect");
    expect(background?.attributes.get("fill")).toBe("#FFFFFF");
    expect(background?.attributes.get("width")).toBe("759");
    expect(Number(background?.attributes.get("height"))).toBeCloseTo(
      Number(svg.attributes.get("height")) - 1,
      5,
    );
  });

  test("writes no text smaller than 12 pixels", () => {
    for (const { attributes } of elements) {
      const size = attributes.get("font-size");
      if (size !== undefined) expect(Number(size)).toBeGreaterThanOrEqual(12);
    }
  });

  test("starts every text and keeps every box on the card", () => {
    const height = Number(elements[0].attributes.get("height"));
    for (const { name, attributes } of elements) {
      const at = (key: string) => Number(attributes.get(key) ?? 0);
      if (name === "text") {
        expect(at("x")).toBeGreaterThanOrEqual(0);
        expect(at("x")).toBeLessThan(760);
        expect(at("y")).toBeLessThan(height);
      }
      if (name === "rect") {
        expect(at("width")).toBeGreaterThanOrEqual(0);
        expect(at("x") + at("width")).toBeLessThanOrEqual(760);
        expect(at("y") + at("height")).toBeLessThanOrEqual(height);
      }
    }
  });

  test("says the same in plain text: title first, origin of the numbers last", () => {
    const lines = figure.text.split("\n");
    expect(lines[0]).not.toBe("");
    expect(lines.at(-1)).toMatch(/^(live|recorded|model) · /);
    expect(lines.length).toBeGreaterThan(2);
  });

  test("gives a notebook both forms", () => {
    expect(figure[JUPYTER_DISPLAY]()).toEqual({ "image/svg+xml": figure.svg, "text/plain": figure.text });
    expect(JUPYTER_DISPLAY).toBe(Symbol.for("Jupyter.display"));
  });
});

describe("every figure", () => {
  test("is the same text when drawn again", () => {
    for (const draw of Object.values(SAMPLES)) expect(draw().svg).toBe(draw().svg);
  });

  test("names machine, kernel, mode and date", () => {
    expect(provenanceLine(LIVE)).toBe("live · AMD EPYC, 2 vCPU · Linux 6.18.44 · 2026-11-23");
    expect(provenanceLine(RECORDED)).toMatch(/^recorded · recorded on the lab's reference VM · AMD EPYC/);
    expect(provenanceLine({ machine: "m", kernel: "Linux 5.4", mode: "model" })).toBe(
      "model · m · Linux 5.4",
    );
    for (const badge of ["live", "recorded"]) {
      const draw = badge === "live" ? SAMPLES.bar : SAMPLES.histogram;
      expect(readXml(draw().svg).some((element) => element.text === badge)).toBe(true);
    }
    expect(readXml(SAMPLES.bytes().svg).some((element) => element.text === MODEL.mode)).toBe(true);
  });
});

describe("readXml", () => {
  test.each([
    ["<a>", "is not closed"],
    ["<a></b>", "closes another"],
    ["<a b=c/>", "bad tag"],
    ['<a b="1" b="2"/>', "twice"],
    ["<a>&nbsp;</a>", "bare ampersand"],
    ["<a/><b/>", "two root"],
    ["<a>\u0001</a>", "forbids"],
  ])("refuses %j", (source, reason) => {
    expect(() => readXml(source)).toThrow(reason);
  });
});
