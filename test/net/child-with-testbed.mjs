// A process that makes a testbed with a program inside it and one attached, reports, and waits to be ended.
import { makeTemporaryFolder, Testbed, twoHosts } from "ringside/net";
import { attachXdp, loadXdp } from "ringside/xdp";

const [, , afterwards] = process.argv;
const testbed = Testbed.create(twoHosts());
const inside = testbed.spawn("b", "sleep", "600");
const program = loadXdp("drop");
attachXdp(testbed, "b", program);
const folder = makeTemporaryFolder("test");
if (afterwards === "listen")
  process.on("SIGTERM", () => process.send({ heard: testbed.commands.length > 0 }));
process.send({ inside: inside.pid, folder }, () => {
  if (afterwards === "throw") throw new Error("as the test wants it");
});
setInterval(() => {}, 1000);
