import { injectorFigure, loopFigures, syscallFigures, uringFigures } from "./bench-kernel.js";
import { cellFigures, pageFigure } from "./bench-learner.js";
import { runFigures } from "./bench-programs.js";
import { type Figure, line, type Missing } from "./bench-report.js";
import { acceptFigures, requestFigures, stackFigures } from "./bench-servers.js";
import { JSON_OPTION, type Request, type Verb } from "./verb.js";

export const bench: Verb = {
  name: "bench",
  summary: "measure the lab itself, each figure with its interval",
  operands: "",
  options: { json: JSON_OPTION },
  details: `AF_XDP in TypeScript against the same in C, in turns; the injector's rate; our figures for a system call and a context
switch against perf's; io_uring batches in TypeScript against C; the time that a cell takes, in Jupyter and on the course page; a
key-value server with its cache in XDP against the same without; connections a second by each design of server; our stack against
the kernel's and against Debian's lwIP on the same rings: MSS, window scaling, checksums, Nagle and the delayed acknowledgment's rule are alike,
but lwIP has no SACK, buffers of 64 KiB where ours have 256, and a delayed acknowledgment's wait of 250 ms where ours is 40. Waits for
a quiet machine, and says so where it does not get one. Needs root. Leaves with 0 even where a goal is missed: on another machine that is a finding, not a failure. "bench paths"
compares the ways to a program.`,
  run: runBench,
};

async function runBench(request: Request): Promise<number> {
  const { recordEnvironment } = await import("../measure/index.js");
  const environment = recordEnvironment();
  const report: (Figure | Missing)[] = [];
  for (const part of [
    cellFigures,
    pageFigure,
    injectorFigure,
    syscallFigures,
    uringFigures,
    loopFigures,
    requestFigures,
    acceptFigures,
    stackFigures,
    runFigures,
  ]) {
    const figures = await part();
    report.push(...figures);
    if (!request.flag("json")) for (const figure of figures) console.log(line(figure));
  }
  if (request.flag("json")) console.log(JSON.stringify({ environment, figures: report }, null, 2));
  else
    console.log(
      `\n${environment.cpuCount} x ${environment.cpuModel}, ${environment.kernel}, Node.js ${environment.node}`,
    );
  return report.some((figure) => "reason" in figure) ? 1 : 0;
}
