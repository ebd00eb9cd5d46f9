/**
 * jupyter: how does a text file become a notebook, and a notebook a run? Source (`percent.ts`, read it first) is built into
 * `.ipynb` (`build.ts`), judged (`lint.ts`, `typecheck.ts`), run through a real Jupyter server (`server.ts`, `kernel.ts`,
 * `run.ts`) and rendered (`html.ts`, `markdown.ts`). `shared-kernel.ts` is the kernel that the course page and Jupyter share;
 * what runs in it outlives its readers (`kept-run.ts`, `take-over.ts`). Every notebook uses `cell.ts`, the part that cells may import. It leaves out the kernel
 * itself, which is in `kernels/jupyter`, and what the course page does with all this.
 */
export { type Answer, findAnswers } from "./answer.js";
export { type BuiltFile, buildAll, buildNotebook, notebookSources, writeBuilt } from "./build.js";
export * from "./cell.js";
export { ConnectionLostError, type ServerAddress } from "./connection.js";
export { convertCells } from "./convert.js";
export { exerciseOf } from "./exercise-cell.js";
export { renderNotebookHtml } from "./html.js";
export type { Followed } from "./kept-run.js";
export { type Executed, type RunningKernel, startKernel } from "./kernel.js";
export { lintNotebook } from "./lint.js";
export { renderMarkdown } from "./markdown.js";
export {
  formatNotebook,
  KERNEL_NAME,
  type MimeBundle,
  NOTEBOOK_METADATA,
  type Notebook,
  type NotebookCell,
  type Output,
  parseNotebook,
  readNotebook,
  writeNotebook,
} from "./notebook.js";
export { collectOutputs, type OutputCollector, type OutputMessage } from "./outputs.js";
export { type CellMetadata, parsePercent, printPercent, type SourceCell } from "./percent.js";
export { choosePort } from "./port.js";
export { formatProblem, type Problem } from "./problem.js";
export { type CellResult, type NotebookRun, type Progress, type RunSpec, runNotebook } from "./run.js";
export { type JupyterServer, type ServerPlace, type ServerSpec, startServer } from "./server.js";
export { attachKernel, type Completions, type SharedKernel } from "./shared-kernel.js";
export { type BuiltLine, buildExercise, hasSolution, type Variant } from "./solution.js";
export { endFormerServer, pathsWithKernel, takeOverServer } from "./take-over.js";
export { type ParsedSource, typecheckNotebooks } from "./typecheck.js";
