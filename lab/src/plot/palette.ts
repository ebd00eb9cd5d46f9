// Eight colours that people with any common colour blindness can tell apart. Each has a darker ink for text, since
// yellow letters on white can be told apart by nobody. No figure says anything by colour alone.

/** A colour for areas and its readable version for text on white. */
export interface Hue {
  readonly fill: string;
  readonly ink: string;
  /** Pale version for the background of text. */
  readonly tint: string;
}

/** @source Okabe, Ito: Color Universal Design, 2008; inks and tints are ours (contrast of an ink on white at least 4.5). */
export const HUES: Readonly<
  Record<"blue" | "orange" | "green" | "vermillion" | "purple" | "sky" | "yellow", Hue>
> = {
  blue: { fill: "#0072B2", ink: "#005A8C", tint: "#D6E9F5" },
  orange: { fill: "#E69F00", ink: "#875C00", tint: "#FBEBCB" },
  green: { fill: "#009E73", ink: "#006B4E", tint: "#D2EFE6" },
  vermillion: { fill: "#D55E00", ink: "#A84A00", tint: "#FBE1D0" },
  purple: { fill: "#CC79A7", ink: "#97416F", tint: "#F6E4EE" },
  sky: { fill: "#56B4E9", ink: "#1B6C9C", tint: "#DFF1FB" },
  yellow: { fill: "#F0E442", ink: "#6B6400", tint: "#FCF8CF" },
};

/** The order in which series take their colours. */
const SERIES: readonly Hue[] = [
  HUES.blue,
  HUES.vermillion,
  HUES.green,
  HUES.purple,
  HUES.orange,
  HUES.sky,
  HUES.yellow,
];

export const PAPER = "#FFFFFF";
export const INK = "#1B1F24";
/** Secondary text; contrast 6.4 on paper. */
export const MUTED = "#57606A";
export const HAIRLINE = "#D0D7DE";
export const GRID = "#E7EBEF";
/** Areas that are there but empty. */
export const EMPTY = "#F1F3F5";

/** The colour of series number `index`; from the eighth on they repeat. */
export function hueOf(index: number): Hue {
  return SERIES[index % SERIES.length];
}
