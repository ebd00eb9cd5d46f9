// What a learner waits for: a cell in Jupyter, and on the course page.
import { timeCells } from "./bench-cells.js";
import { timePage } from "./bench-page.js";
import { type Figure, figureOf } from "./bench-report.js";

export async function cellFigures(): Promise<Figure[]> {
  const { roundTrip, delayed, importing } = await timeCells();
  return [
    await figureOf("cell round trip", roundTrip, "ms", (value) => ({ text: "under 15", met: value < 15 })),
    await figureOf("cell round trip without TCP_NODELAY", delayed, "ms"),
    await figureOf("cell that imports ringside", importing, "ms", (value) => ({
      text: "under 200",
      met: value < 200,
    })),
  ];
}

export async function pageFigure(): Promise<Figure[]> {
  const goal = (value: number): Figure["goal"] => ({ text: "under 100", met: value < 100 });
  return [await figureOf("course page, cell edit to first output", await timePage(), "ms", goal)];
}
