// DPDK's loop with nothing behind its port: net_null hands out empty buffers as if packets had come, as many as the loop asks for.
// No wire, no driver's ring and no bytes are in it, so it is what testpmd's own loop can do at most, and not a way of a packet.
import { installPort } from "./dpdk-port.js";
import type { ElsewherePath } from "./path.js";

export const dpdkNull: ElsewherePath = {
  ends: "elsewhere",
  name: "dpdk-null",
  title: "DPDK testpmd, no wire",
  how: "testpmd's thread takes and frees bursts of empty buffers, as many as it asks for: its loop's ceiling, without a wire and without a payload to check",
  needs: ["dpdk"],
  load: "itself",
  helper: "DPDK's process",
  sees: "frame",
  copies: { count: 0, by: "nobody: there are no bytes" },
  timedUntil: null, // there is no packet
  install: (site) => installPort("net_null", site),
};
