// C10 to C13: what the kernel allocates for a packet, and how long it lives.
import { measure, provenance, type SharedWire } from "../../measure/index.js";
import { barFigure, lineFigure } from "../../plot/index.js";
import { countBars } from "../bars.js";
import type { Claim } from "../claim.js";

export const bufferClaims: readonly Claim[] = [
  {
    id: "C10",
    statement: "The API leads to dynamic allocation: every packet is wrapped in an skb.",
    examine: (examiner) =>
      examiner.ask(measure.skbCount, "skbs", { program: "pass" }, ({ frames, made }, result) => ({
        verdict: made === frames ? "supports" : "contradicts",
        because: `${frames} packets that reached the stack made ${made} skbs, exactly counted.`,
        figure: barFigure({
          title: "One skb for each packet that reaches the stack",
          provenance: provenance(result),
          axis: { label: "counted", unit: "", scale: "linear" },
          bars: [
            { name: "packets", value: frames },
            { name: "skbs", value: made },
          ],
        }),
      })),
  },
  {
    id: "C11",
    statement: "That allocation stresses the memory allocator.",
    examine: (examiner) =>
      examiner.ask(measure.skbCount, "skbs", { program: "pass" }, ({ frames, counts }, result) => ({
        verdict: "inconclusive here",
        because: `${counts.frees} skbs went back to the allocator one by one for ${frames} packets; on a veth they are taken in bulk, which no tracepoint shows. Whether that is a stress is a question of time, which counting cannot answer.`,
        figure: countBars(result, "What goes back to the allocator one by one", "counted", [
          ["packets", frames],
          ["heads freed", counts.frees],
          ["heads taken one by one", counts.births],
        ]),
      })),
  },
  {
    id: "C12",
    statement: "The buffer lives until the application has consumed its data with recvmsg.",
    examine: (examiner) =>
      examiner.ask(measure.skbLifetime, "skbs", {}, ({ lives }, result) => {
        const kept = lives.every(({ diedWaiting }) => diedWaiting === 0);
        const whole = lives.every(({ waiting, read, diedAtClose }) => read + diedAtClose === waiting);
        const each = lives
          .map(
            (life) =>
              `${life.waiting} waited, ${life.diedWaiting} died, ${life.read} read, ${life.diedAtClose} died`,
          )
          .join("; ");
        return {
          verdict: kept ? (whole ? "supports" : "inconclusive here") : "contradicts",
          because: `Of ${lives.length} sockets whose readers stalled (skbs that waited, died meanwhile, were read, died at the close): ${each}. The close is the half that the statement leaves out.`,
          figure: lineFigure({
            title: "What was not read dies when the socket closes",
            provenance: provenance(result),
            x: { label: "packets that the reader took", unit: "" },
            y: { label: "skbs that died at the close", unit: "" },
            series: [
              { name: "skbs", points: lives.map(({ read, diedAtClose }) => ({ x: read, y: diedAtClose })) },
            ],
          }),
        };
      }),
  },
  {
    id: "C13",
    statement: "Buffers move between cores and threads, so locks must protect them.",
    examine: async (examiner) => {
      const moved = await examiner.ask(measure.acceptCores, "%", {}, ({ rows: [shared] }) => ({
        verdict: "inconclusive here",
        because: `Of ${shared!.completed} connections to a listener that two cores share ${Math.round((1 - shared!.onCore) * shared!.completed)} were read on another core than their packets came in on: buffers do move.`,
      }));
      const waited = await examiner.ask(measure.socketLocks, "waits", {}, ({ rows }, result) => {
        const waits = (wire: SharedWire) => rows.find((row) => row.wire === wire)!;
        const [one, each] = [waits("one connection"), waits("a connection each")];
        return {
          verdict: "inconclusive here",
          because: `Two threads at one of the kernel's sockets slept ${one.socketWaits} times for its owner in ${one.calls} calls, with a connection each ${each.socketWaits} times.`,
          figure: countBars(
            result,
            "How often a thread slept for a socket's owner",
            "sleeps",
            rows.map((row) => [row.wire, row.socketWaits]),
          ),
        };
      });
      const handed = await examiner.ask(measure.ringHandover, "sleeps", {}, () => ({
        verdict: "inconclusive here",
        because:
          "That a lock must follow is not shown: a ring hands entries from one thread to another without any. It is sharing among several that takes one, as the kernel's sockets do.",
      }));
      return {
        ...moved,
        ...(waited.figure && { figure: waited.figure }),
        because: [moved, waited, handed].map(({ because }) => because).join(" "),
        results: [moved, waited, handed].flatMap(({ results }) => results),
      };
    },
  },
];
