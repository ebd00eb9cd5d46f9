// A process that makes a testbed with a program inside it, reports, and waits to be ended.
import { Testbed, twoHosts } from "ringside/net";

const testbed = Testbed.create(twoHosts());
testbed.spawn("b", "sleep", "600");
process.send("made");
