// What the kernel itself counts of connections, in one namespace: the account beside ours.
import { readFileSync } from "node:fs";
import { inNamespace } from "../sys/index.js";

// Counter -> file and line prefix, and the kernel's name for it.
const COUNTERS = {
  opened: ["snmp", "Tcp", "ActiveOpens"],
  taken: ["snmp", "Tcp", "PassiveOpens"],
  failedOpens: ["snmp", "Tcp", "AttemptFails"],
  retransmitted: ["snmp", "Tcp", "RetransSegs"],
  resetsSent: ["snmp", "Tcp", "OutRsts"],
  listenOverflows: ["netstat", "TcpExt", "ListenOverflows"],
  listenDrops: ["netstat", "TcpExt", "ListenDrops"],
  synCookies: ["netstat", "TcpExt", "SyncookiesSent"],
  timeWaited: ["netstat", "TcpExt", "TW"],
  timeWaitOverflows: ["netstat", "TcpExt", "TCPTimeWaitOverflow"],
} as const;

/** Counters that only grow. `taken` are connections that a listener made; `listenOverflows` found its queue full. */
export type ConnectionCounters = Readonly<Record<keyof typeof COUNTERS, number>>;

/** The counters of one namespace now. @param namespace its file @source /proc/net/snmp, /proc/net/netstat; Documentation/networking/snmp_counter.rst */
export function readConnectionCounters(namespace: string): ConnectionCounters {
  const text = inNamespace(namespace, () => ({
    snmp: readFileSync("/proc/thread-self/net/snmp", "utf8"),
    netstat: readFileSync("/proc/thread-self/net/netstat", "utf8"),
  }));
  const entries = Object.entries(COUNTERS).map(([name, [file, prefix, counter]]) => {
    return [name, field(text[file], prefix, counter)] as const;
  });
  return Object.fromEntries(entries) as ConnectionCounters;
}

/** What was counted between two readings. */
export function countersBetween(before: ConnectionCounters, after: ConnectionCounters): ConnectionCounters {
  const names = Object.keys(COUNTERS) as (keyof ConnectionCounters)[];
  return Object.fromEntries(
    names.map((name) => [name, after[name] - before[name]]),
  ) as unknown as ConnectionCounters;
}

/** Sockets in TIME-WAIT now: closed by this side first, and kept for a minute. @source /proc/net/sockstat */
export function timeWaits(namespace: string): number {
  const text = inNamespace(namespace, () => readFileSync("/proc/thread-self/net/sockstat", "utf8"));
  return Number(/^TCP:.* tw (\d+)/m.exec(text)?.[1] ?? 0);
}

/** Two lines a prefix: names, then values. A kernel that does not know the counter counts 0. */
function field(text: string, prefix: string, counter: string): number {
  const [names, values] = text
    .split("\n")
    .filter((line) => line.startsWith(`${prefix}:`))
    .map((line) => line.split(" "));
  return Number(values?.[names?.indexOf(counter) ?? -1] ?? 0);
}
