// What a run may leave on the machine, as lists to compare before and after. Other people's things are in both lists.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";

/** Everything that the lab could have forgotten to remove. */
export interface Traces {
  readonly namespaces: readonly string[];
  readonly links: readonly string[];
  readonly pins: readonly string[];
  readonly folders: readonly string[];
  /** Command lines of processes that run the lab's code. */
  readonly processes: readonly string[];
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function labProcesses(): string[] {
  return list("/proc")
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .map((pid) => {
      try {
        return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")}`;
      } catch {
        return ""; // it ended while we looked
      }
    })
    .filter((line) => /launch\.cjs|convert\.cjs|measure\/child\.js|jupyter-notebook/.test(line));
}

/** Looks at the machine as it is now. */
export function traces(): Traces {
  const links = JSON.parse(execFileSync("ip", ["-j", "link"], { encoding: "utf8" })) as { ifname: string }[];
  return {
    namespaces: list("/run/netns"),
    links: links.map(({ ifname }) => ifname).sort(),
    pins: list("/sys/fs/bpf"),
    folders: list(tmpdir()).filter((name) => name.startsWith("ringside")),
    processes: labProcesses(),
  };
}
