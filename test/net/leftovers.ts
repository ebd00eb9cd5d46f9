// What a process has on this machine outside its own memory: to be compared before and after.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";

/** Ids of BPF programs and links. */
export interface BpfIds {
  readonly programs: number[];
  readonly links: number[];
}

/** What a process holds by descriptor. @source Documentation/filesystems/proc.rst, fdinfo */
export function bpfIdsOf(pid: number): BpfIds {
  const texts = readdirSync(`/proc/${pid}/fdinfo`).map((fd) => {
    try {
      return readFileSync(`/proc/${pid}/fdinfo/${fd}`, "utf8");
    } catch {
      return ""; // the descriptor that listed the folder
    }
  });
  const find = (key: string): number[] => [
    ...new Set(
      texts.flatMap((text) =>
        [...text.matchAll(new RegExp(`^${key}:\\s*(\\d+)`, "gm"))].map((m) => Number(m[1])),
      ),
    ),
  ];
  return { programs: find("prog_id"), links: find("link_id") };
}

/** Which of these the kernel still has, whoever holds them. */
export function remaining({ programs, links }: BpfIds): BpfIds {
  const present = (what: "prog" | "link", ids: number[]): number[] => {
    const rows = JSON.parse(execFileSync("bpftool", ["--json", what, "list"], { encoding: "utf8" })) as {
      id: number;
    }[];
    return ids.filter((id) => rows.some((row) => row.id === id));
  };
  return { programs: present("prog", programs), links: present("link", links) };
}

/** Whether a process runs; one that was killed and waits to be noticed does not. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !"ZX".includes(stat[stat.lastIndexOf(")") + 2]!);
  } catch {
    return false;
  }
}

/** Namespaces and temporary folders that carry a process's name. */
export function namedAfter(pid: number): { namespaces: string[]; folders: string[] } {
  const list = (folder: string): string[] => {
    try {
      return readdirSync(folder).filter((name) => name.startsWith(`rs-${pid}-`));
    } catch {
      return [];
    }
  };
  return { namespaces: list("/run/netns"), folders: list(tmpdir()) };
}

/** The host's own interfaces, by name. */
export function hostInterfaces(): string[] {
  const links = JSON.parse(execFileSync("ip", ["-j", "link"], { encoding: "utf8" })) as { ifname: string }[];
  return links.map(({ ifname }) => ifname).sort();
}

/** Waits for a condition that the kernel fulfils in its own time. */
export async function until(what: string, condition: () => boolean, deadlineMs = 5000): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${deadlineMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
