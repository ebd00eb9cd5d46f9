import type { Probe, Tier } from "../sys/index.js";
import { JSON_OPTION, type Request, type Verb } from "./verb.js";

export const doctor: Verb = {
  name: "doctor",
  summary: "tell what this machine can do, by trying it",
  operands: "",
  options: { json: JSON_OPTION },
  details: `Tries namespaces, BPF, AF_XDP, tracepoints and the rest, undoes each, and says why where the answer is no. It looks at no
version number. Leaves with 0 where live packets are possible (tier T1 or above), with 1 where they are not.`,
  run: examine,
};

async function examine(request: Request): Promise<number> {
  const { probeAll, tierOf } = await import("../sys/index.js");
  const { recordEnvironment } = await import("../measure/index.js");
  const probes = await probeAll();
  const { tier, reason } = tierOf(probes);
  if (request.flag("json")) {
    console.log(JSON.stringify({ tier, reason, probes, environment: recordEnvironment() }, null, 2));
  } else {
    const { kernel, cpuModel, cpuCount, node } = recordEnvironment();
    console.log(`${kernel}\n${cpuCount} x ${cpuModel}, Node.js ${node}\n`);
    for (const probe of probes) console.log(probeLines(probe));
    console.log(`\n${tier}: ${reason}`);
  }
  return isLive(tier) ? 0 : 1;
}

function isLive(tier: Tier): boolean {
  return tier !== "T0";
}

const MARKS = { yes: "yes", no: "no", unknown: "?" } as const;

function probeLines({ name, state, reason, next }: Probe): string {
  const line = `${MARKS[state].padEnd(4)}${name.padEnd(15)} ${reason}`;
  return next === "" ? line : `${line}\n${" ".repeat(20)}-> ${next}`;
}
