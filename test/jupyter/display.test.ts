import { display, interruptSignal, liveDisplay } from "ringside";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const figure = (text: string) => ({
  [Symbol.for("Jupyter.display")]: () => ({ "text/plain": text, "image/svg+xml": "<svg/>" }),
});

describe("without a notebook", () => {
  test("display prints the text beside the picture", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    display(figure("three bars"));
    expect(log).toHaveBeenCalledExactlyOnceWith("three bars");
    log.mockRestore();
  });

  test("a live display prints the text of its last picture", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    const live = liveDisplay();
    for (let i = 0; i < 5; i++) live.update(figure(`picture ${i}`));
    live.finish();
    expect(log).toHaveBeenCalledExactlyOnceWith("picture 4");
    log.mockRestore();
  });

  test("the stop button's signal never aborts", () => {
    expect(interruptSignal().aborted).toBe(false);
  });

  test("display refuses what cannot show itself", () => {
    expect(() => display(new Map())).toThrow("Cannot display a Map: it has no Jupyter.display method ->");
  });
});

describe("in a notebook", () => {
  interface Shown {
    readonly data: Record<string, string>;
    readonly transient: { readonly display_id?: string };
  }
  const shown: { content: Shown; update: boolean }[] = [];

  beforeEach(() => {
    vi.useFakeTimers();
    shown.length = 0;
    const hook = {
      lastWriteDisplayData: (content: Shown, update: boolean) => shown.push({ content, update }),
    };
    vi.stubGlobal("__tslab__", { require: () => hook });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  test("display shows text and picture as one", () => {
    display(figure("bars"));
    expect(shown).toMatchObject([
      { update: false, content: { data: { "text/plain": "bars", "image/svg+xml": "<svg/>" } } },
    ]);
  });

  test("a live display shows at most ten pictures a second, and the last one", () => {
    const live = liveDisplay();
    for (let i = 0; i < 1000; i++) {
      live.update(figure(`picture ${i}`));
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(1000);
    expect(shown.length).toBeLessThanOrEqual(11);
    expect(shown.length).toBeGreaterThanOrEqual(9);
    expect(shown.at(-1)?.content.data["text/plain"]).toBe("picture 999");
  });

  test("a live display replaces its own picture", () => {
    const live = liveDisplay();
    live.update(figure("a"));
    live.update(figure("b"));
    live.finish();
    expect(shown.map(({ update }) => update)).toEqual([false, true]);
    expect(new Set(shown.map(({ content }) => content.transient.display_id)).size).toBe(1);
    expect(liveDisplay()).not.toBe(live);
  });
});
