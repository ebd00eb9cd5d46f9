/**
 * jupyter: how does a text file become a notebook, and a notebook a run? Source (`percent.ts`, read it first) is built into
 * `.ipynb` (`build.ts`), judged (`lint.ts`, `typecheck.ts`), run through a real Jupyter server (`server.ts`, `kernel.ts`,
 * `run.ts`) and rendered (`html.ts`). Every notebook uses `cell.ts`, the part that cells may import. It leaves out the kernel
 * itself, which is in `kernels/jupyter`, and what the course page does with all this.
 */
export * from "./cell.js";
export { type RunningKernel, startKernel } from "./kernel.js";
export {
  formatNotebook,
  KERNEL_NAME,
  type MimeBundle,
  type Notebook,
  type NotebookCell,
  type Output,
  parseNotebook,
  readNotebook,
  writeNotebook,
} from "./notebook.js";
export { choosePort } from "./port.js";
export { type CellResult, type NotebookRun, type Progress, type RunSpec, runNotebook } from "./run.js";
export { type JupyterServer, type ServerSpec, startServer } from "./server.js";
