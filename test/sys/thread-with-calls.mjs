// A thread that makes five prepared calls, each a sleep of 20 ms, and says what they answered.
import { parentPort } from "node:worker_threads";
import { mapAnonymous, PreparedCall } from "ringside/sys";

const sleep = new PreparedCall("poll", [0, 0, 20], mapAnonymous(4096));
parentPort.postMessage(Array.from({ length: 5 }, () => sleep.run()));
