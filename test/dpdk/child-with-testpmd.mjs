// A process that starts a testpmd which forwards, reports its id, and waits to be ended.
import { Testpmd } from "ringside/dpdk";
import { Testbed, twoHosts } from "ringside/net";
import { allowedCpus } from "ringside/sys";

const testbed = Testbed.create(twoHosts());
const cpus = { main: allowedCpus()[0], forward: allowedCpus().at(-1) };
const testpmd = await Testpmd.start(testbed, "b", { driver: "net_af_xdp", device: "veth-b", cpus });
await testpmd.forward();
process.send({ inside: testpmd.pid });
setInterval(() => {}, 1000);
