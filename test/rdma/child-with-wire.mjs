// A process that has both ends of a wire in use, reports them, and waits to be ended.
import { openRdmaSession } from "ringside/rdma";

const { wire, target } = await openRdmaSession();
process.send({ devices: [wire.near.device, wire.far.device], target: target.pid });
setInterval(() => {}, 1000);
