// How a value tells a notebook what it looks like: a method under one agreed name gives the same thing in several
// MIME types, and the notebook, JupyterLab or VS Code shows the richest that it can.

/** The agreed name. @source Deno Jupyter kernel, "Rich content output" */
export const JUPYTER_DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

/** A value that a notebook can show. */
export interface Displayable {
  /** The value by MIME type, e.g. `image/svg+xml` and `text/plain`. */
  [JUPYTER_DISPLAY](): Record<string, string>;
}
