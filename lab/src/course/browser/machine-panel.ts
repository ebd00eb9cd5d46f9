// The side panel: is this machine quiet enough to measure, and which little networks does the lab have on it right now?

import type { DeviceView, HostView, MachineView, RingView, TestbedView } from "../protocol.js";
import { make } from "./dom.js";

/** Counters of the last picture, by device, to see what moved. */
let before = new Map<string, ReadonlyMap<string, number>>();

/** Draws what was seen now. */
export function drawMachine(panel: HTMLElement, machine: MachineView): void {
  const { cpus, busy, testbeds, unseen, costMs } = machine;
  const now = new Map<string, ReadonlyMap<string, number>>();
  const beds = testbeds.map((testbed) => drawTestbed(testbed, now));
  const bars = cpus.map(({ cpu, idle, steal }) => cpuBar(cpu, idle, steal));
  const nothing = unseen || "None right now. A cell that makes one draws it here while it lives.";
  panel.replaceChildren(
    make("h2", {}, "This machine"),
    make(
      "p",
      { class: busy === null ? "quiet-machine" : "busy-machine" },
      busy === null
        ? "Quiet: a measurement would start at once."
        : `Busy: a measurement would wait. ${busy}.`,
    ),
    make("ul", { class: "bars" }, ...bars),
    make("h2", {}, "Testbeds"),
    ...(beds.length > 0 ? beds : [make("p", { class: "panel-note" }, nothing)]),
    make(
      "p",
      { class: "panel-note" },
      `Looked at once a second from outside, which takes ${costMs < 1 ? "under 1" : Math.round(costMs)} ms. Rings change faster than that: a figure in a notebook shows them step by step.`,
    ),
  );
  before = now;
}

function cpuBar(cpu: number, idle: number, steal: number): HTMLElement {
  const used = Math.round((1 - idle) * 100);
  const stolen = steal >= 0.005 ? `, ${Math.round(steal * 100)} % taken by the hypervisor` : "";
  return barRow(`CPU ${cpu}`, used, `${used} % busy${stolen}`);
}

/** A name, a bar for the eye, and the same in words. */
function barRow(name: string, percent: number, said: string): HTMLElement {
  const bar = make("span", { class: "bar", "aria-hidden": "true" }, make("span"));
  (bar.firstElementChild as HTMLElement).style.width = `${percent}%`;
  return make("li", {}, make("span", {}, name), bar, make("span", { class: "bar-said" }, said));
}

function drawTestbed(
  { name, maker, hosts, sockets }: TestbedView,
  now: Map<string, ReadonlyMap<string, number>>,
): HTMLElement {
  const boxes = hosts.map((host) => drawHost(host, name, now));
  return make(
    "section",
    { class: "testbed", "aria-label": `Testbed of process ${maker}` },
    make("div", { class: "hosts" }, ...boxes),
    ...sockets.map((rings) => drawRings(rings)),
    make("p", { class: "panel-note" }, `Made by process ${maker}`),
  );
}

const RINGS: Readonly<Record<string, string>> = {
  fill: "empty frames for the kernel",
  rx: "packets for the program",
  tx: "packets for the kernel",
  completion: "sent frames to take back",
};

/** What waits in each ring of an AF_XDP socket, as a bar of its slots and in words. */
function drawRings(rings: readonly RingView[]): HTMLElement {
  const rows = rings.map(({ name, entries, slots, isExact }) => {
    const of = isExact ? "of" : "of at most";
    return barRow(name, (100 * entries) / slots, `${entries} ${of} ${slots}: ${RINGS[name] ?? ""}`);
  });
  return make(
    "div",
    { class: "rings" },
    make("h3", {}, "Rings of an AF_XDP socket"),
    make("ul", { class: "bars" }, ...rows),
  );
}

function drawHost(
  { name, devices }: HostView,
  bed: string,
  now: Map<string, ReadonlyMap<string, number>>,
): HTMLElement {
  return make(
    "div",
    { class: "host" },
    make("h3", {}, `Host ${name}`),
    ...devices.map((device) => drawDevice(device, `${bed} ${name} ${device.name}`, now)),
  );
}

function drawDevice(
  device: DeviceView,
  key: string,
  now: Map<string, ReadonlyMap<string, number>>,
): HTMLElement {
  const counts = new Map(device.counts);
  now.set(key, counts);
  const rows = device.counts.map(([what, packets]) => {
    const more = packets - (before.get(key)?.get(what) ?? packets);
    return make(
      "tr",
      more > 0 ? { class: "moving" } : {},
      make("th", { scope: "row" }, what),
      make("td", {}, packets.toLocaleString("en").replaceAll(",", "\u202f")),
      make(
        "td",
        { class: "more" },
        more > 0 ? `+${more.toLocaleString("en").replaceAll(",", "\u202f")}` : "",
      ),
    );
  });
  return make(
    "div",
    { class: "device" },
    make(
      "p",
      { class: "device-name" },
      make("code", {}, device.name),
      device.peer === "" ? "" : ` wire to ${device.peer}`,
    ),
    ...(device.program === ""
      ? []
      : [make("p", { class: "program" }, "XDP ", make("code", {}, device.program))]),
    make("table", {}, make("tbody", {}, ...rows)),
  );
}
